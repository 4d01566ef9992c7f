/** Training of tfjs code at native speed, in Node and in a browser tab. */

export type { CheckpointRecord, TrainingCheckpoint } from "./checkpoint.ts";
export { compileTraining } from "./compile.ts";
export type { Data } from "./data/convert.ts";
export type { RowWeights } from "./data/open-source.ts";
export type { Stream } from "./data/source.ts";
export type { EarlyStopping } from "./fit/early-stopping.ts";
export type { CompileEvent, FitEvent } from "./fit/events.ts";
export type { History } from "./fit/fit.ts";
export type { BatchOptions, FitOptions } from "./fit/options.ts";
export { learningRateAt, type Schedule } from "./fit/schedule.ts";
export type { ClassWeights } from "./model/class-weights.ts";
export type { CompileLossOptions, CompileModelOptions, CompileOptions } from "./options.ts";
export type { Evaluate, IdRange } from "./problem.ts";
export type { BestEpoch, EpochNumbers, EpochRecord, Progress } from "./progress.ts";
export type { BackendName } from "./stepper/backends.ts";
export type { BackendChoice } from "./stepper/choose-backend.ts";
export type { Batch, Numbers, State } from "./stepper/stepper.ts";
export type { StepOptions, StepResult, Training } from "./training.ts";
export type { StopSignal } from "./turn.ts";

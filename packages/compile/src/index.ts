/** Training of tfjs code at native speed, in Node and in a browser tab. */

// Checkpoints
export type { CheckpointRecord, TrainingCheckpoint } from "./checkpoint.ts";
// Compile
export { compileTraining } from "./compile.ts";
// Data
export type { ClassWeights } from "./data/class-weights.ts";
export type { RowWeights } from "./data/open-source.ts";
export type { Data } from "./data/read-data.ts";
export type { Stream } from "./data/source.ts";
export type { EarlyStopping } from "./fit/early-stopping.ts";
export type { FitEvent } from "./fit/events.ts";
export type { History } from "./fit/fit.ts";
export type { BatchOptions, FitOptions } from "./fit/options.ts";
export { learningRateAt, type Schedule } from "./fit/schedule.ts";
export type { StopSignal } from "./fit/turn.ts";
export type { CompileEvent, CompileLossOptions, CompileModelOptions, CompileOptions } from "./options.ts";
export type { Evaluate, IdRange } from "./problem.ts";
export type { BestEpoch, EpochNumbers, EpochRecord, Progress } from "./progress.ts";
export type { BackendName } from "./stepper/backends.ts";
export type { BackendChoice } from "./stepper/start-stepper.ts";
export type { Batch, Numbers, State } from "./tensors.ts";
// Train
export type { StepOptions, StepResult, Training } from "./training.ts";

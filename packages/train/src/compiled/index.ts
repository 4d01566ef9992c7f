/** Training of tfjs code at native speed, in Node and in a browser tab. */

export { compileTraining } from "./compile.ts";
export type { CompileLossOptions, CompileOptions } from "./options.ts";
export type { BackendName } from "./stepper/backends.ts";
export type { BackendChoice } from "./stepper/choose-backend.ts";
export type { Batch, State } from "./stepper/stepper.ts";
export type { StepOptions, StepResult, Training } from "./training.ts";

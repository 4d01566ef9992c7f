/** What every part of a stepper on ONNX graphs is given. */
import type { CreateSession } from "@attune/contracts";
import type { NoiseSource } from "../../noise/noise-source.ts";

export interface OnnxStepperOptions {
  readonly createSession: CreateSession;
  readonly threadCount: number;
  readonly noise: NoiseSource;
}

/** Steps on whatever engine the caller's `createSession` opens: in two parts where the step can be cut, else as one graph. */
import { traceTrainStep } from "@attune/trace";
import type { TrainingProblem } from "../../problem.ts";
import type { Stepper } from "../stepper.ts";
import { createInPlaceStepper, isSplit } from "./in-place-stepper.ts";
import type { OnnxStepperOptions } from "./options.ts";
import { createWholeStepper } from "./whole-stepper.ts";

/**
 * @throws {AttuneError} what `traceTrainStep` throws of the loss, and what `createSession` throws.
 */
export async function createOnnxStepper(
  problem: TrainingProblem,
  options: OnnxStepperOptions,
): Promise<Stepper> {
  const traced = traceTrainStep({ ...problem, packsSmall: true });
  return isSplit(traced)
    ? createInPlaceStepper(problem, traced, options)
    : createWholeStepper(problem, traced, options);
}

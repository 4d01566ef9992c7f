/** Finds what made a loss NaN or infinite, and leaves the last state that is good. */
import { AttuneError } from "@attune/contracts";
import type { TrainingRun } from "./run.ts";
import type { Batch } from "./stepper/stepper.ts";

/**
 * @param step - the step whose loss is not finite; it was not taken.
 * @throws {AttuneError} `TRAIN_NOT_FINITE`, always.
 */
export async function throwNotFinite(run: TrainingRun, batch: Batch, step: number): Promise<never> {
  const { name: kind } = run.problem;
  const state = findNotFinite(await run.stepper.readState());
  if (state !== undefined) {
    // The step before made it so, though its own loss was good.
    const isUndone = run.stepper.undo();
    if (isUndone) {
      const { batch: taken } = run.progress;
      run.progress = { ...run.progress, step: step - 2, batch: Math.max(0, taken - 1) };
    }
    throw new AttuneError("TRAIN_NOT_FINITE", {
      kind,
      what: state.what,
      step: Math.max(1, step - 1),
      tensor: state.name,
      hint: "lower the learning rate, or clip the gradients",
    });
  }
  const input = findNotFinite(batch);
  throw new AttuneError("TRAIN_NOT_FINITE", {
    kind,
    what: input === undefined ? "the loss" : `the input ${input.what}`,
    step,
    tensor: input?.name ?? "loss",
    hint:
      input === undefined
        ? "look in the loss for the logarithm or the root of 0, or a division by it, or lower the learning rate"
        : "clean the data",
  });
}

/** The first tensor with a number that is NaN or infinite, and its place there. */
function findNotFinite(tensors: Batch): { name: string; what: string } | undefined {
  for (const [name, { dtype, data }] of Object.entries(tensors)) {
    if (dtype !== "float32") continue;
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) return { name, what: `${name} (element ${at})` };
  }
  return undefined;
}

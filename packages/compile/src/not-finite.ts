/** Finds what made a loss NaN or infinite. */
import type { Batch, State } from "./tensors.ts";

export interface NotFinite {
  /** The first tensor that holds such a number, or `loss`. */
  readonly tensor: string;
  /** As a sentence names it. */
  readonly what: string;
  readonly hint: string;
  /** Whether the state is broken: the step before did it, though its own loss was good. */
  readonly isFromStepBefore: boolean;
}

/**
 * @param state - what the step whose loss is not finite started from.
 * @param batch - of that step.
 */
export function findNotFinite(state: State, batch: Batch): NotFinite {
  const broken = findTensor(state);
  if (broken !== undefined) {
    return { ...broken, hint: "lower the learning rate, or clip the gradients", isFromStepBefore: true };
  }
  const input = findTensor(batch);
  if (input !== undefined) {
    const { tensor, what } = input;
    return { tensor, what: `the input ${what}`, hint: "clean the data", isFromStepBefore: false };
  }
  return {
    tensor: "loss",
    what: "the loss",
    hint: "look in the loss for the logarithm or the root of 0, or a division by it, or lower the learning rate",
    isFromStepBefore: false,
  };
}

/** The first tensor with a number that is NaN or infinite, and its place there. */
function findTensor(tensors: Batch): Pick<NotFinite, "tensor" | "what"> | undefined {
  for (const [tensor, { dtype, data }] of Object.entries(tensors)) {
    if (dtype !== "float32") continue;
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) return { tensor, what: `${tensor} (element ${at})` };
  }
  return undefined;
}

/** A fitted model as training holds it: it answers, it can be saved, and perhaps made smaller. */
import type { TaskName, Tensor } from "@attune/contracts";
import type { ScoringModel } from "@attune/features";

/** Named weights: what is saved, and all that is needed besides config and schema to restore a model. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** A model that can be saved and shipped. */
export type FittedModel<T extends TaskName = TaskName> = ScoringModel<T> & {
  /** The weights as saved. `trainer.restore(hyperparameters, tensors(), schema)` gives the same model. */
  tensors(): Tensors;
  /**
   * The same model with weights of at most so many bytes, the strongest kept; itself when it fits. Absent on models
   * that cannot be made smaller.
   */
  shrinkTo?(bytes: number): FittedModel<T>;
  /** What shrinking left, in words: `"24 neighbours per item"`. */
  readonly kept?: string;
};

/** A fitted model within a number of bytes if it can shrink. */
export function shrinkModel<T extends TaskName>(
  model: FittedModel<T>,
  budgetBytes: number | undefined,
): FittedModel<T> {
  return budgetBytes === undefined ? model : (model.shrinkTo?.(budgetBytes) ?? model);
}

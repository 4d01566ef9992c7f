/** The content key of a training run: same key, same models. */
import type { TaskName } from "@attune/contracts";
import { contentKey } from "@attune/store";
import type { TrainOptions } from "./run.ts";

/** Raised when the same inputs would give other models or other figures. */
const codeVersion = 7;

/**
 * Over the dataset's key, everything that decides the outcome, and the code version.
 *
 * @param trainers - those of the family: all of them run when the config names none.
 */
export function trainingKey<T extends TaskName>(
  datasetKey: string,
  { seed, train, exportConfig }: TrainOptions<T>,
  trainers: readonly { readonly kind: string }[],
): string {
  const { maxBytes } = exportConfig;
  const budgetBytes = "budgetBytes" in exportConfig ? exportConfig.budgetBytes : undefined;
  const kinds = train.models === undefined ? trainers.map(({ kind }) => kind) : [];
  const parameters = { seed, train, kinds, maxBytes, ...(budgetBytes !== undefined && { budgetBytes }) };
  return contentKey({ step: "train", codeVersion, datasetKey, parameters });
}

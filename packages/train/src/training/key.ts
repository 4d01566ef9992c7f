/** The content key of a training run: same key, same models. */
import { contentKey } from "@attune/store";
import type { TrainOptions } from "./run.ts";

/** Raised when the same inputs would give other models or other figures. */
const codeVersion = 6;

/** Over the dataset's key, everything that decides the outcome, and the code version. */
export function trainingKey(datasetKey: string, options: TrainOptions): string {
  const { budgetBytes, maxBytes } = options.exportConfig;
  const parameters = { seed: options.seed, train: options.train, budgetBytes, maxBytes };
  return contentKey({ step: "train", codeVersion, datasetKey, parameters });
}

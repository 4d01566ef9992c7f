/** The content key of a training run: same key, same models. */
import { createHash } from "node:crypto";
import type { TrainOptions } from "./run.ts";

/** Raised when the same inputs would give other models or other figures. */
const codeVersion = 2;

/** First 16 hex digits of sha256 over the dataset's key, everything that decides the outcome, and the code version. */
export function trainingKey(datasetKey: string, options: TrainOptions): string {
  const { budgetBytes, maxBytes } = options.exportConfig;
  const parameters = { seed: options.seed, train: options.train, budgetBytes, maxBytes };
  const text = canonicalJson({ step: "train", codeVersion, datasetKey, parameters });
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** JSON with sorted keys, so that the order of a config file's lines does not matter. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Request and response of the `recommend` task: the words of the HTTP API, the CLI and the personalizer. */
import * as z from "zod/mini";
import { rawValue } from "./predict.ts";

/**
 * Weights of history entries lie in this range, in requests, datasets and graphs alike: squares and sums stay finite in
 * float32, and none underflows to 0.
 */
export const weightRange = { min: 1e-15, max: 1e15 } as const;

/** One thing the user did: an item id, or one with a weight > 0 (default 1) and when it happened, epoch seconds. */
const historyEntry = z.union([
  z.string(),
  z.strictObject({
    item: z.string(),
    weight: z.optional(z.number().check(z.positive())),
    time: z.optional(z.number()),
  }),
]);

/** What a caller asks. Limits (`k`, lengths) come from the artifact's manifest and are checked by the personalizer. */
export const recommendRequest = z.strictObject({
  /** In the order it happened, oldest first; repeats allowed. */
  history: z.array(historyEntry),
  exclude: z.optional(z.array(z.string())),
  /** Rank only these; left out or empty: the whole catalogue. */
  allow: z.optional(z.array(z.string())),
  /** User and context columns by name, as `manifest.inputs` lists them; what is left out is missing. */
  features: z.optional(z.record(z.string(), rawValue)),
  k: z.optional(z.int().check(z.minimum(1))),
});

export type HistoryEntry = z.output<typeof historyEntry>;
export type RecommendRequest = Readonly<z.output<typeof recommendRequest>>;

/** `"model"` when the history had a known item and the model reads histories, `"fallback"` (popularity) otherwise. */
export type ScoreSource = "model" | "fallback";

/** The slate, with everything a caller branches on. */
export interface Recommendation {
  /**
   * Best first; at most `k`, fewer when the catalogue (or `allow`) has no more. Never an id of `exclude`, nor of the
   * history unless the artifact's rule on repeats keeps them.
   */
  readonly ids: readonly string[];
  /** Same length as `ids`. Higher is better; only comparable within one answer. */
  readonly scores: readonly number[];
  readonly source: ScoreSource;
  /** How many history entries the model does not know. They are ignored, never an error. */
  readonly unknown: number;
}

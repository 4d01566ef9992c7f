/** Request and response of the `recommend` task: the words of the HTTP API, the CLI and the personalizer. */
import * as z from "zod/mini";
import { rawValue } from "./predict.ts";

/**
 * Weights of history entries lie in this range, in requests, datasets and graphs alike: squares and sums stay finite in
 * float32, and none underflows to 0.
 */
export const weightRange = { min: 1e-15, max: 1e15 } as const;

/** Characters (code points) of an item id in a request: longer ones are somebody's mistake, or worse. */
export const maxIdLength = 4096;

/** Engines cut strings at NUL, and "" is the graph's padding: neither can name an item. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is the one that is meant.
const itemId = z.string().check(z.regex(/^[^\u0000]+$/), z.maxLength(maxIdLength));

/** One thing the user did: an item id, or one with a weight (default 1) and when it happened, epoch seconds. */
const historyEntry = z.union([
  itemId,
  z.strictObject({
    item: itemId,
    weight: z.optional(z.number().check(z.gte(weightRange.min), z.lte(weightRange.max))),
    time: z.optional(z.number()),
  }),
]);

/** What a caller asks. Limits (`k`, lengths) come from the artifact's manifest and are checked by the personalizer. */
export const recommendRequest = z.strictObject({
  /** In the order it happened, oldest first; repeats allowed. */
  history: z.array(historyEntry),
  exclude: z.optional(z.array(itemId)),
  /** Rank only these; left out or empty: the whole catalogue. */
  allow: z.optional(z.array(itemId)),
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

/** Pieces that several manifests share. */
import * as z from "zod/mini";
import { estimate } from "./estimate.ts";

export const count = z.int().check(z.minimum(0));
export const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
export const fileHash = z.strictObject({ sha256, bytes: count });
export const openRecord = z.record(z.string(), z.unknown());
/** `"ndcg@10"` → estimate. */
export const metricEstimates = z.record(z.string(), estimate);

/** Events, people and things behind a fit; rows and groups for tabular tasks. Zero-free: absent where a task has none. */
export const dataCounts = {
  recommend: z.strictObject({ events: count, users: count, items: count }),
  tabular: z.strictObject({ rows: count, groups: z.optional(count) }),
} as const;

/** A raw column a model takes: the name and type of a graph input, and what a caller may send. */
export const inputColumn = z.strictObject({
  name: z.string(),
  kind: z.enum(["number", "category", "set", "text"]),
  /** Known values of a category or set; anything else is unknown, never an error. */
  levels: z.optional(z.array(z.string())),
});

export type InputColumn = z.output<typeof inputColumn>;

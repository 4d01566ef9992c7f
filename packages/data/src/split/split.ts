/** What every kind of split is given and gives. */
import type { SplitConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import type { Sql } from "../sql/sql.ts";

export type SplitKind = SplitConfig["kind"];

export interface SplitInput<K extends SplitKind> {
  readonly engine: Engine;
  /** The cleaned events: `row_id, user_code, item_code, ts, weight`. One row per user and item. */
  readonly from: Sql;
  readonly eventCount: number;
  readonly seed: number;
  readonly config: Extract<SplitConfig, { kind: K }>;
}

export interface Split<K extends SplitKind> {
  readonly kind: K;
  /** What to change in the config when a role stays empty. */
  readonly hint: string;
  /** A query with the columns of `from` and `role`, one code of `eventRole` per event. */
  assign(input: SplitInput<K>): Promise<Sql>;
}

/** Buckets of a hashed share: one part in ten thousand is the finest. */
export const hashBuckets = 10_000;

/** Upper bounds, in buckets, of the test share and of test and validation together. */
export function shareBuckets(config: { readonly test: number; readonly validation: number }): {
  readonly test: number;
  readonly held: number;
} {
  const test = Math.round(config.test * hashBuckets);
  return { test, held: test + Math.round(config.validation * hashBuckets) };
}

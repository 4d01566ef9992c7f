/** What every kind of split is given and gives. */
import type { SplitConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import type { Sql } from "../sql/sql.ts";

export type SplitKind = SplitConfig["kind"];

export interface SplitInput<K extends SplitKind> {
  readonly engine: Engine;
  /** The raw events, repeats and all: `row_id, user_code, item_code, ts, kind, weight, given`. Nothing was learned from them yet. */
  readonly from: Sql;
  readonly eventCount: number;
  readonly seed: number;
  readonly config: Extract<SplitConfig, { kind: K }>;
  /** Whether events have a time; else all have 0 and follow each other by row. */
  readonly hasTime: boolean;
  /** Whether a user may do the same thing in two roles. */
  readonly keepsRepeats: boolean;
  /** The events file, for errors. */
  readonly path: string;
}

export interface Split<K extends SplitKind> {
  readonly kind: K;
  /** What to change in the config when a role stays empty. */
  readonly hint: string;
  /** A query for `row_id, user_code, item_code, ts, weight` and `role`, one code of `eventRole` per event. */
  assign(input: SplitInput<K>): Promise<Sql>;
}

/** The parts of an evaluation that a mean would hide: kinds of users, kinds of items. */
import type { MetricName } from "./metric-name.ts";

/** In the order of every table. `users:*` split the users, `items:*` split what counts as relevant. */
export const sliceNames = ["users:new", "users:light", "users:heavy", "items:head", "items:tail"] as const;

export type SliceName = (typeof sliceNames)[number];

/** Per-user metrics of some of an evaluation's users. */
export interface EvaluationSlice {
  /** `[users of the slice]` index of each of its users in the evaluation's arrays, rising. */
  readonly rows: Int32Array;
  /** Name → `[users of the slice]`; empty arrays when nobody is in it. */
  readonly metrics: Readonly<Record<MetricName, Float64Array>>;
}

/**
 * Splits users by the length of their history: none = new; up to `lightMaxHistory` = light; more = heavy.
 *
 * @param historyCounts - `[users]` events in each user's history, ≥ 0.
 */
export function sliceUsers(
  historyCounts: Int32Array,
  lightMaxHistory: number,
): Record<"users:new" | "users:light" | "users:heavy", Int32Array> {
  const rows = Int32Array.from(historyCounts.keys());
  return {
    "users:new": rows.filter((row) => historyCounts[row] === 0),
    "users:light": rows.filter((row) => historyCounts[row]! > 0 && historyCounts[row]! <= lightMaxHistory),
    "users:heavy": rows.filter((row) => historyCounts[row]! > lightMaxHistory),
  };
}

/**
 * The default bound between light and heavy: the lower median of the history lengths of users who have a history, so
 * that at least half of those are light. 0 when nobody has a history.
 */
export function medianHistory(historyCounts: Int32Array): number {
  const known = historyCounts.filter((count) => count > 0).sort();
  return known.length === 0 ? 0 : known[(known.length - 1) >> 1]!;
}

/** The values of some rows, per metric. */
export function takeRows<Name extends string>(
  columns: Readonly<Record<Name, Float64Array>>,
  rows: Int32Array,
): Record<Name, Float64Array> {
  const taken = (Object.keys(columns) as Name[]).map((name): [Name, Float64Array] => [
    name,
    Float64Array.from(rows, (row) => columns[name][row]!),
  ]);
  return Object.fromEntries(taken) as Record<Name, Float64Array>;
}

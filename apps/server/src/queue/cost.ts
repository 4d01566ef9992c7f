/** What a request costs before it runs: a model's own figures, measured when it is loaded. */
import type { PredictRequest, RawValue, RecommendRequest } from "@attune/contracts";
import { defaultK } from "@attune/runtime";

/** Microseconds of the graph, its answer as JSON included. */
export interface CostModel {
  /** A request alone, with an empty history and the usual number of items. */
  readonly baseUs: number;
  /** One entry of a history, of a list of ids, or of a set. */
  readonly entryUs: number;
  /** A pair of entries: what graphs do that compare every entry of a history with every other. */
  readonly pairUs: number;
  /** One item asked for beyond the usual number. */
  readonly itemUs: number;
}

/** A request of any task, in the units of the cost. */
export interface RequestSize {
  readonly entries: number;
  /** Beyond the usual number; 0 for rows of columns. */
  readonly items: number;
}

export function recommendSize(request: RecommendRequest): RequestSize {
  const { history, exclude, allow, features, k = defaultK } = request;
  let entries = history.length;
  if (exclude !== undefined) entries += exclude.length;
  if (allow !== undefined) entries += allow.length;
  if (features !== undefined) entries += setEntries(features);
  return { entries, items: Math.max(0, k - defaultK) };
}

export const predictSize = ({ inputs }: PredictRequest): RequestSize => ({
  entries: setEntries(inputs),
  items: 0,
});

/** A single value never widens a batch; a set does by its length. */
function setEntries(values: Readonly<Record<string, RawValue>>): number {
  let entries = 0;
  for (const value of Object.values(values)) if (Array.isArray(value)) entries += value.length;
  return entries;
}

export function costOf(cost: CostModel, { entries, items }: RequestSize): number {
  const { baseUs, entryUs, pairUs, itemUs } = cost;
  return baseUs + entryUs * entries + pairUs * entries * entries + itemUs * items;
}

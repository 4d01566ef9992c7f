/** Are two answers the same? Pure. */
import type { Recommendation } from "@attune/contracts";

export interface Comparison {
  /** Same ids in the same order, from the same source. */
  readonly sameList: boolean;
  /** How many ids stand in both lists. */
  readonly sharedCount: number;
  /** Largest absolute score difference over the shared ids; absent when they share none. */
  readonly maxAbs?: number;
}

/** Compares the answers to one request, given by two runtimes. Scores are matched by id. */
export function compareAnswers(here: Recommendation, there: Recommendation): Comparison {
  const scores = new Map(there.ids.map((id, index) => [id, there.scores[index] ?? Number.NaN]));
  let sharedCount = 0;
  let maxAbs = 0;
  for (const [index, id] of here.ids.entries()) {
    const other = scores.get(id);
    if (other === undefined) continue;
    sharedCount += 1;
    maxAbs = Math.max(maxAbs, Math.abs((here.scores[index] ?? Number.NaN) - other));
  }
  const sameList =
    here.source === there.source &&
    here.ids.length === there.ids.length &&
    here.ids.every((id, index) => id === there.ids[index]);
  return sharedCount === 0 ? { sameList, sharedCount } : { sameList, sharedCount, maxAbs };
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A small difference for reading: `0` → `"0"`, `1.19e-7` → `"1.2 × 10⁻⁷"`, `0.25` → `"0.25"`. */
export function formatDifference(value: number): string {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return "not a number";
  if (value >= 1e-3) return String(Number(value.toPrecision(2)));
  const [digits = "", exponent = ""] = value.toExponential(1).split("e-");
  return `${digits} × 10⁻${Array.from(exponent, (digit) => superscripts[Number(digit)]).join("")}`;
}

/** Milliseconds for reading: `0.42` → `"0.4 ms"`, `183.2` → `"183 ms"`. */
export function formatMs(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

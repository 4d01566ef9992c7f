/** Metrics of one user's ranked list at several cut-offs, from one pass over its ranks. */
import { AttuneError } from "@attune/contracts";
import { type MetricName, type RankingMetric, rankingMetrics, sortCutoffs } from "./metric-name.ts";

/**
 * What average precision at k is divided by. `"cutoff"`: min(k, relevant items), so a perfect list reaches 1 at every k.
 * `"relevant"`: all relevant items, as trec_eval's `map_cut`, ranx and the `map` of recommenders do; then more relevant
 * items than k keep it below 1.
 */
export type MapDivisor = "cutoff" | "relevant";

export interface ListOptions {
  /** Cut-offs k, each an integer ≥ 1. Default `[10]`. */
  readonly cutoffs?: readonly number[];
  /** Relevant items that no list can hold (not in the catalogue), besides the −1 entries. Default 0. */
  readonly unreachableCount?: number;
  /** Default `"cutoff"`. */
  readonly mapDivisor?: MapDivisor;
}

/**
 * Every ranking metric of one list at every cut-off. With `R` the relevant items, `hit(r)` 1 when the item at rank r
 * (from 1) is in `R` and else 0, and `hits(k)` their sum over the first k ranks:
 *
 * - `precision@k` = hits(k) / k. A list shorter than k is not excused.
 * - `recall@k` = hits(k) / |R|.
 * - `ndcg@k` = Σ hit(r) / log2(r + 1) over r ≤ k, divided by Σ 1 / log2(r + 1) over r ≤ min(k, |R|).
 * - `map@k` = Σ hit(r) · hits(r) / r over r ≤ k, divided by min(k, |R|), or by |R|: see `MapDivisor`.
 * - `mrr@k` = 1 / rank of the first hit, 0 when there is none among the first k.
 * - `hit-rate@k` = 1 when hits(k) > 0, else 0.
 *
 * All lie in `[0, 1]`. The mean over users gives the metric's usual name (mean average precision and so on).
 *
 * @param ranked - item indexes, best first, none twice. May be shorter or longer than the largest cut-off.
 * @param relevant - item indexes in any order; repeats count once; each −1 is one more item that cannot be found.
 * @returns name (`"ndcg@10"`) → value; `undefined` when nothing is relevant, where no metric is defined.
 * @throws {AttuneError} `METRICS_ARGUMENT` for bad cut-offs or counts, or an item ranked twice.
 * @see Manning, Raghavan & Schütze 2008, ch. 8 (precision, recall, MAP); Järvelin & Kekäläinen 2002 (nDCG);
 *   Voorhees 1999 (MRR); Deshpande & Karypis 2004 (hit rate).
 */
export function measureList(
  ranked: Int32Array,
  relevant: Int32Array,
  options: ListOptions = {},
): Record<MetricName, number> | undefined {
  const { cutoffs = [10], unreachableCount = 0, mapDivisor = "cutoff" } = options;
  const table = createRankTable(cutoffs, mapDivisor);
  checkUnreachable(unreachableCount);
  const found = new Set<number>();
  let relevantCount = unreachableCount;
  for (const item of relevant) {
    if (item < 0) relevantCount++;
    else found.add(item);
  }
  relevantCount += found.size;
  if (relevantCount === 0) return undefined;
  if (new Set(ranked).size !== ranked.length) throw givenTwice("ranked", "it ranks an item twice");
  const hits = Uint8Array.from(ranked, (item) => (found.has(item) ? 1 : 0));
  const values = measureHits(hits, 1, relevantCount, table);
  return Object.fromEntries(table.names.map((name, column) => [name, values[column]!]));
}

/** What `measureHits` needs to know of the cut-offs; made once per evaluation. */
export interface RankTable {
  /** Sorted upwards, each once. */
  readonly cutoffs: readonly number[];
  /** `[metrics × cutoffs]`, metric by metric, in the order of `rankingMetrics`. */
  readonly names: readonly MetricName[];
  /** `[largest cut-off]` 1 / log2(r + 1) at r − 1. */
  readonly discounts: Float64Array;
  /** `[largest cut-off + 1]` the best DCG with n relevant items, at n. */
  readonly ideals: Float64Array;
  readonly mapDivisor: MapDivisor;
}

export function createRankTable(cutoffs: readonly number[], mapDivisor: MapDivisor): RankTable {
  const sorted = sortCutoffs(cutoffs);
  const largest = sorted.at(-1)!;
  const discounts = Float64Array.from({ length: largest }, (_, at) => 1 / Math.log2(at + 2));
  const ideals = new Float64Array(largest + 1);
  for (let n = 1; n <= largest; n++) ideals[n] = ideals[n - 1]! + discounts[n - 1]!;
  const names = rankingMetrics.flatMap((metric) => sorted.map((k): MetricName => `${metric}@${k}`));
  return { cutoffs: sorted, names, discounts, ideals, mapDivisor };
}

/**
 * The metrics of one list given by its hits.
 * @param hits - per rank, the groups its item is relevant in, as bits; 0 is a miss.
 * @param group - the bits that count.
 * @param relevantCount - relevant items of the group, ≥ 1, found or not.
 * @returns `[metrics × cutoffs]` in the order of `table.names`.
 */
export function measureHits(
  hits: Uint8Array,
  group: number,
  relevantCount: number,
  table: RankTable,
): Float64Array {
  const { cutoffs, discounts, ideals } = table;
  const values = new Float64Array(table.names.length);
  let rank = 0;
  let hitCount = 0;
  let firstHit = 0;
  let gain = 0;
  let precisionSum = 0;
  for (let cut = 0; cut < cutoffs.length; cut++) {
    const k = cutoffs[cut]!;
    for (const end = Math.min(k, hits.length); rank < end; rank++) {
      if ((hits[rank]! & group) === 0) continue;
      hitCount++;
      if (firstHit === 0) firstHit = rank + 1;
      gain += discounts[rank]!;
      precisionSum += hitCount / (rank + 1);
    }
    const reachable = Math.min(k, relevantCount);
    const atCutoff: Record<RankingMetric, number> = {
      precision: hitCount / k,
      recall: hitCount / relevantCount,
      ndcg: gain / ideals[reachable]!,
      map: precisionSum / (table.mapDivisor === "cutoff" ? reachable : relevantCount),
      mrr: firstHit === 0 ? 0 : 1 / firstHit,
      "hit-rate": hitCount > 0 ? 1 : 0,
    };
    rankingMetrics.forEach((metric, at) => {
      values[at * cutoffs.length + cut] = atCutoff[metric];
    });
  }
  return values;
}

export function checkUnreachable(count: number): void {
  if (Number.isInteger(count) && count >= 0) return;
  throw new AttuneError("METRICS_ARGUMENT", {
    what: "unreachableCount",
    expected: "an integer ≥ 0",
    actual: String(count),
  });
}

export function givenTwice(what: string, actual: string): AttuneError {
  return new AttuneError("METRICS_ARGUMENT", { what, expected: "each item once", actual });
}

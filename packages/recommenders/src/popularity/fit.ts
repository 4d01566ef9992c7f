/** Fits popularity: the decayed sum of an item's event weights. */
import type { Interactions } from "@attune/contracts";
import type { FitHooks, Tensors } from "@attune/train";
import { checkAborted } from "@attune/train";
import type { PopularityConfig } from "./config.ts";

const dayMs = 86_400_000;

/**
 * score(i) = Σ weight · 2^(−age / half-life) over the events of i, divided by the largest: in `[0, 1]`.
 * Age is counted from the newest event given, so no clock is read.
 *
 * @throws {AttuneError} `TRAIN_ABORTED`.
 */
export async function fitPopularity(
  interactions: Interactions,
  config: PopularityConfig,
  hooks: FitHooks,
): Promise<Tensors> {
  checkAborted("popularity", hooks.signal);
  const { itemCount, items, weights, times } = interactions;
  const halfLifeMs = (config.halfLifeDays ?? Number.POSITIVE_INFINITY) * dayMs;
  let newest = Number.NEGATIVE_INFINITY;
  for (const time of times) newest = Math.max(newest, time);

  const sums = new Float64Array(itemCount);
  let largest = 0;
  for (let e = 0; e < items.length; e++) {
    const item = items[e]!;
    sums[item]! += weights[e]! * 2 ** ((times[e]! - newest) / halfLifeMs);
    largest = Math.max(largest, sums[item]!);
  }
  const scores = Float32Array.from(sums, (sum) => (largest === 0 ? 0 : sum / largest));
  return { scores: { dtype: "float32", dims: [itemCount], data: scores } };
}

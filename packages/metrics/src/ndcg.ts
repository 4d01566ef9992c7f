/** nDCG with graded relevance, from scores. For 0/1 relevance over a catalogue see `measureList`. */
import { AttuneError } from "@attune/contracts";
import { topK } from "./top-k.ts";

/**
 * Normalised discounted cumulative gain of one scored list, cut at `k`.
 *
 * Items are ordered by `topK`: highest score first, ties keep input order, −∞ and NaN are not ranked. The item at rank r
 * (from 1) adds `(2^gain − 1) / log2(r + 1)`; the sum is divided by the best sum any order of all items could reach.
 *
 * @param scores - `[items]` model output; only the order matters.
 * @param gains - `[items]` graded relevance, finite and ≥ 0. Clicks are 0 or 1.
 * @param k - cut-off in items, an integer ≥ 1. Larger than the number of items means all of them.
 * @returns a number in `[0, 1]`; `0` when every gain is 0.
 * @throws {AttuneError} `METRICS_SHAPE` when the two arrays differ in length; `METRICS_ARGUMENT` for a bad gain or `k`.
 * @see Burges et al. 2005 (the 2^gain form); Järvelin & Kekäläinen 2002 (the discount).
 */
export function ndcgAtK(scores: Float32Array, gains: Float32Array, k: number): number {
  if (scores.length !== gains.length) {
    throw new AttuneError("METRICS_SHAPE", {
      what: "gains",
      expected: `[${scores.length}]`,
      actual: `[${gains.length}]`,
    });
  }
  const bad = gains.findIndex((gain) => !(gain >= 0 && gain < Infinity));
  if (bad >= 0) {
    throw new AttuneError("METRICS_ARGUMENT", {
      what: `gains[${bad}]`,
      expected: "a finite number ≥ 0",
      actual: String(gains[bad]),
    });
  }
  const best = discountedGain(topK(gains, k), gains);
  return best === 0 ? 0 : discountedGain(topK(scores, k), gains) / best;
}

function discountedGain(order: Int32Array, gains: Float32Array): number {
  return order.reduce((sum, item, at) => sum + (2 ** gains[item]! - 1) / Math.log2(at + 2), 0);
}

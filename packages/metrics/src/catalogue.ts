/** What the lists do to the catalogue: how much of it is shown, and how unexpected it is. */
import { AttuneError } from "@attune/contracts";

/** Counts of each item in the train events, by item index. */
export type ItemCounts = Int32Array | Uint32Array | Float64Array;

/**
 * How unexpected each item is: −log2 p(item) bits, p = its share of the train events. An item that was never seen in
 * training is taken as seen once, so that the figure stays finite.
 *
 * @param trainCounts - `[items]` whole numbers ≥ 0, not all 0.
 * @returns `[items]` bits, ≥ 0.
 * @throws {AttuneError} `METRICS_ARGUMENT` when a count is no whole number ≥ 0, or all are 0.
 * @see Zhou et al. 2010; Vargas & Castells 2011, "Rank and relevance in novelty and diversity metrics".
 */
export function selfInformation(trainCounts: ItemCounts): Float64Array {
  const total = sumCounts(trainCounts);
  return Float64Array.from(trainCounts, (count) => -Math.log2(Math.max(count, 1) / total));
}

/**
 * Which items are the head: the most frequent ones, fewest possible, that together hold at least `headShare` of the
 * train events. Equal counts by item index, lower first; an item without events is never head. The rest is the tail.
 *
 * @param trainCounts - `[items]` whole numbers ≥ 0, not all 0.
 * @param headShare - in (0, 1]. Default 0.8.
 * @returns `[items]` 1 for head, 0 for tail.
 * @throws {AttuneError} `METRICS_ARGUMENT` for bad counts or a bad share.
 */
export function markHeadItems(trainCounts: ItemCounts, headShare = 0.8): Uint8Array {
  if (!(headShare > 0 && headShare <= 1)) {
    throw new AttuneError("METRICS_ARGUMENT", {
      what: "headShare",
      expected: "a share in (0, 1]",
      actual: String(headShare),
    });
  }
  const wanted = sumCounts(trainCounts) * headShare;
  const order = Int32Array.from(trainCounts.keys()).sort(
    (a, b) => trainCounts[b]! - trainCounts[a]! || a - b,
  );
  const head = new Uint8Array(trainCounts.length);
  let held = 0;
  for (const item of order) {
    if (held >= wanted || trainCounts[item] === 0) break;
    head[item] = 1;
    held += trainCounts[item]!;
  }
  return head;
}

/** Gathers coverage and novelty list by list. */
export interface CatalogueMeter {
  /** @param ranked - item indexes in `[0, items)`, best first. */
  add(ranked: Int32Array): void;
  /**
   * - `coverage@k`: share of the catalogue's items that stand among the first k of at least one list, in [0, 1].
   * - `novelty@k`: mean `selfInformation`, in bits, over all places among the first k of all lists; 0 without any.
   */
  result(): Record<string, number>;
}

/**
 * @param cutoffs - sorted upwards.
 * @param information - `[items]` from `selfInformation`.
 */
export function createCatalogueMeter(cutoffs: readonly number[], information: Float64Array): CatalogueMeter {
  const itemCount = information.length;
  // Per item the best place it had in any list, from 0; one pass then answers every cut-off.
  const bestPlace = new Float64Array(itemCount).fill(Infinity);
  const bits = new Float64Array(cutoffs.length);
  const places = new Float64Array(cutoffs.length);

  function add(ranked: Int32Array): void {
    let place = 0;
    let sum = 0;
    cutoffs.forEach((k, cut) => {
      for (const end = Math.min(k, ranked.length); place < end; place++) {
        const item = ranked[place]!;
        sum += information[item]!;
        if (place < bestPlace[item]!) bestPlace[item] = place;
      }
      bits[cut]! += sum;
      places[cut]! += place;
    });
  }

  function result(): Record<string, number> {
    const figures: Record<string, number> = {};
    for (const k of cutoffs) {
      const shown = bestPlace.reduce((count, place) => count + (place < k ? 1 : 0), 0);
      figures[`coverage@${k}`] = shown / itemCount;
    }
    cutoffs.forEach((k, cut) => {
      figures[`novelty@${k}`] = places[cut] === 0 ? 0 : bits[cut]! / places[cut]!;
    });
    return figures;
  }

  return { add, result };
}

function sumCounts(counts: ItemCounts): number {
  let total = 0;
  counts.forEach((count, item) => {
    if (!Number.isInteger(count) || count < 0) {
      throw new AttuneError("METRICS_ARGUMENT", {
        what: `trainCounts[${item}]`,
        expected: "a whole number ≥ 0",
        actual: String(count),
      });
    }
    total += count;
  });
  if (total === 0) {
    throw new AttuneError("METRICS_ARGUMENT", {
      what: "trainCounts",
      expected: "at least one event",
      actual: `${counts.length} items without events`,
    });
  }
  return total;
}

/** Who did what, in order, with repeats; and the distinct view that bag models fit and rank by. */

/**
 * Events as compressed rows: the events of user `u` are at `[offsets[u], offsets[u + 1])`, oldest first, ties in time by
 * their row in the source; in source order where it has no time. An item may stand there several times.
 */
export interface Interactions {
  readonly userCount: number;
  readonly itemCount: number;
  /** `[users + 1]` */
  readonly offsets: Int32Array;
  /** `[events]` item index, or −1 for an item outside the catalogue. */
  readonly items: Int32Array;
  /** `[events]` weight > 0, after event-type weights, ratings and time decay. */
  readonly weights: Float32Array;
  /** `[events]` epoch milliseconds; 0 where the source has no time. */
  readonly times: Float64Array;
}

/** What an item weighs that one user met several times: its newest event, its heaviest, or all of them together. */
export const duplicateRules = ["last", "highest", "sum"] as const;

export type DuplicateRule = (typeof duplicateRules)[number];

/**
 * Each item once per user, rising by item index: the view of a model that knows no order. The time is that of the event
 * that gave the weight, the newest for `sum`. Items outside the catalogue (−1) are left out.
 */
export function distinctInteractions(interactions: Interactions, rule: DuplicateRule): Interactions {
  const { userCount, itemCount, offsets, items, weights, times } = interactions;
  const distinct = new Int32Array(userCount + 1);
  const keptItems = new Int32Array(items.length);
  const keptWeights = new Float32Array(items.length);
  const keptTimes = new Float64Array(items.length);
  let end = 0;
  for (let user = 0; user < userCount; user++) {
    const start = offsets[user]!;
    const order = new Int32Array(offsets[user + 1]! - start);
    for (let at = 0; at < order.length; at++) order[at] = start + at;
    // Stable, so that the events of one item stay in their order.
    order.sort((a, b) => items[a]! - items[b]! || a - b);
    for (const event of order) {
      const item = items[event]!;
      if (item < 0) continue;
      const before = end - 1;
      if (end === distinct[user]! || keptItems[before] !== item) {
        keptItems[end] = item;
        keptWeights[end] = weights[event]!;
        keptTimes[end] = times[event]!;
        end += 1;
      } else if (rule === "sum") {
        keptWeights[before]! += weights[event]!;
        keptTimes[before] = times[event]!;
      } else if (rule === "last" || weights[event]! >= keptWeights[before]!) {
        keptWeights[before] = weights[event]!;
        keptTimes[before] = times[event]!;
      }
    }
    distinct[user + 1] = end;
  }
  return {
    userCount,
    itemCount,
    offsets: distinct,
    items: keptItems.slice(0, end),
    weights: keptWeights.slice(0, end),
    times: keptTimes.slice(0, end),
  };
}

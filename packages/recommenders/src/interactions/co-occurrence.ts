/** Products of the items' columns, one item at a time, by what their users share. */
import type { Interactions } from "@attune/contracts";
import { groupByItem } from "./by-item.ts";

export interface CoOccurrences {
  /** `[items]` length (L2) of each item's column of weights. */
  readonly norms: Float64Array;
  /**
   * The products of one item with every item that a user of it has, itself included.
   *
   * Time: the events of the item's users. No pass over the catalogue: a row of it is nearly empty.
   *
   * @returns `items` in any order, each once, and `sums` by item index, 0 for the others. Both are reused by the next call.
   */
  row(item: number): { readonly items: Int32Array; readonly sums: Float64Array };
}

/** @param interactions - each item once per user, weights > 0. */
export function createCoOccurrences(interactions: Interactions): CoOccurrences {
  const { itemCount, offsets, items, weights } = interactions;
  const columns = groupByItem(interactions);
  const norms = new Float64Array(itemCount);
  for (let e = 0; e < items.length; e++) norms[items[e]!]! += weights[e]! ** 2;
  for (let item = 0; item < itemCount; item++) norms[item] = Math.sqrt(norms[item]!);

  const sums = new Float64Array(itemCount);
  const touched = new Int32Array(itemCount);
  let count = 0;
  return {
    norms,
    row(item) {
      for (let at = 0; at < count; at++) sums[touched[at]!] = 0;
      count = 0;
      for (let e = columns.offsets[item]!; e < columns.offsets[item + 1]!; e++) {
        const user = columns.users[e]!;
        const weight = columns.weights[e]!;
        for (let f = offsets[user]!, end = offsets[user + 1]!; f < end; f++) {
          const other = items[f]!;
          const before = sums[other]!;
          // Weights are > 0, so a sum that is 0 was not touched.
          if (before === 0) touched[count++] = other;
          sums[other] = before + weight * weights[f]!;
        }
      }
      return { items: touched.subarray(0, count), sums };
    },
  };
}

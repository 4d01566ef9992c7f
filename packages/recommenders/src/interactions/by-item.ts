/** Interactions seen from the items: the transpose of the users' rows. */
import type { Interactions } from "@attune/contracts";

export interface ItemColumns {
  /** `[items + 1]` the events of item `i` are at `[offsets[i], offsets[i + 1])`, by user index. */
  readonly offsets: Int32Array;
  /** `[events]` */
  readonly users: Int32Array;
  /** `[events]` */
  readonly weights: Float32Array;
}

/** Counting sort of the events by item. Events of unknown items (index −1) are left out. */
export function groupByItem(interactions: Interactions): ItemColumns {
  const { userCount, itemCount, offsets: rows, items, weights } = interactions;
  const offsets = new Int32Array(itemCount + 1);
  for (const item of items) if (item >= 0) offsets[item + 1]! += 1;
  for (let i = 0; i < itemCount; i++) offsets[i + 1]! += offsets[i]!;

  const next = offsets.slice(0, itemCount);
  const users = new Int32Array(offsets[itemCount]!);
  const columnWeights = new Float32Array(users.length);
  for (let user = 0; user < userCount; user++) {
    for (let e = rows[user]!; e < rows[user + 1]!; e++) {
      const item = items[e]!;
      if (item < 0) continue;
      const at = next[item]!++;
      users[at] = user;
      columnWeights[at] = weights[e]!;
    }
  }
  return { offsets, users, weights: columnWeights };
}

/** Interactions as a sparse matrix, and seen from the items: the transpose of the users' rows. */
import type { Interactions } from "@attune/contracts";
import { transposeRows } from "@attune/numeric";

export interface ItemColumns {
  /** `[items + 1]` the events of item `i` are at `[offsets[i], offsets[i + 1])`, by user index. */
  readonly offsets: Int32Array;
  /** `[events]` */
  readonly users: Int32Array;
  /** `[events]` */
  readonly weights: Float32Array;
}

/** Events of unknown items (index −1) are left out. */
export function groupByItem(interactions: Interactions): ItemColumns {
  const { userCount, itemCount, offsets, items, weights } = interactions;
  const byItem = transposeRows({
    rowCount: userCount,
    columnCount: itemCount,
    offsets,
    columns: items,
    values: weights,
  });
  return { offsets: byItem.offsets, users: byItem.columns, weights: byItem.values };
}

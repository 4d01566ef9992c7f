/** Which users are ranked together. */
import type { Interactions } from "@attune/contracts";

/** History entries of one run of the graph, padding included. */
const batchEntries = 2048;
/** Scores of one run, 2 MB: what stays in a cache while the graph passes over it several times. */
const batchScores = 500_000;

/** Users of like history length together, so that little is padded. @param length - entries of a user. */
export function planBatches(
  users: Int32Array,
  { itemCount }: Interactions,
  length: (user: number) => number,
): Int32Array[] {
  const order = users.toSorted((a, b) => length(a) - length(b) || a - b);
  const batches: Int32Array[] = [];
  let start = 0;
  for (let end = 1; end <= order.length; end++) {
    const rows = end + 1 - start;
    const isFull =
      end === order.length || rows * length(order[end]!) > batchEntries || rows * itemCount > batchScores;
    if (!isFull) continue;
    batches.push(order.subarray(start, end));
    start = end;
  }
  return batches;
}

/** Which users are scored together. */

/** History entries of one run of the graph, padding included. */
const batchEntries = 2048;
/** Scores of one run, 2 MB: what stays in a cache while the graph passes over it several times. */
const batchScores = 500_000;

/**
 * Users of like history length together, so that little is padded.
 *
 * @param lengthOf - entries that a user's row of the batch has.
 */
export function planBatches(
  users: Int32Array,
  itemCount: number,
  lengthOf: (user: number) => number,
): Int32Array[] {
  const order = users.toSorted((a, b) => lengthOf(a) - lengthOf(b) || a - b);
  const batches: Int32Array[] = [];
  let start = 0;
  for (let end = 1; end <= order.length; end++) {
    const rows = end + 1 - start;
    const isFull =
      end === order.length || rows * lengthOf(order[end]!) > batchEntries || rows * itemCount > batchScores;
    if (!isFull) continue;
    batches.push(order.subarray(start, end));
    start = end;
  }
  return batches;
}

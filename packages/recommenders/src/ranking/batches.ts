/** Which users are scored together. */
import type { Interactions } from "@attune/contracts";

/** History entries and scores of one run of the graph: bounds its memory whatever the model. */
const batchEntries = 2048;
const batchScores = 1_000_000;

/** Users of like history length together, so that little is padded. */
export function planBatches(users: Int32Array, history: Interactions): number[][] {
  const lengthOf = (user: number) => history.offsets[user + 1]! - history.offsets[user]!;
  const order = Array.from(users).sort((a, b) => lengthOf(a) - lengthOf(b) || a - b);
  const batches: number[][] = [];
  let batch: number[] = [];
  for (const user of order) {
    const rows = batch.length + 1;
    const full = rows * lengthOf(user) > batchEntries || rows * history.itemCount > batchScores;
    if (batch.length > 0 && full) {
      batches.push(batch);
      batch = [];
    }
    batch.push(user);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

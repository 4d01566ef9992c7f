/** A batch of users as the encoder would hand them to a fragment. */
import type { Interactions, Tensor } from "@attune/contracts";
import { feedEncodedColumns, type RecommendFragment } from "@attune/features";
import type { RankingTask } from "./task.ts";

const secondMs = 1000;

/** Feeds of a scoring or ranking model for some users. */
export function feedBatch(
  { needs = [], columns = [] }: RecommendFragment,
  { history, ordered, userFeatures }: RankingTask,
  batch: Int32Array,
): Record<string, Tensor> {
  return {
    ...feedHistory(history, batch),
    ...(needs.length > 0 && feedOrdered(ordered, batch, needs.includes("time"))),
    ...feedEncodedColumns(columns, userFeatures, batch),
  };
}

/** Rows as they lie, which is rising by item: float32 sums depend on their order. Padded behind with weight 0. */
function feedHistory(history: Interactions, batch: Int32Array): Record<string, Tensor> {
  const { offsets, items, weights } = history;
  const length = longest(history, batch);
  const dims = [batch.length, length];
  const index = new BigInt64Array(batch.length * length);
  const weight = new Float32Array(index.length);
  batch.forEach((user, row) => {
    let at = row * length;
    for (let e = offsets[user]!; e < offsets[user + 1]!; e++, at++) {
      index[at] = BigInt(items[e]!);
      weight[at] = weights[e]!;
    }
  });
  return {
    index: { dtype: "int64", dims, data: index },
    weight: { dtype: "float32", dims, data: weight },
  };
}

/** Rows as they happened, the newest entry last; padded in front, with one entry at least, as the encoder does. */
function feedOrdered(ordered: Interactions, batch: Int32Array, withAge: boolean): Record<string, Tensor> {
  const { offsets, items, weights, times } = ordered;
  const length = 1 + longest(ordered, batch);
  const dims = [batch.length, length];
  const index = new BigInt64Array(batch.length * length);
  const weight = new Float32Array(index.length);
  const age = new Float32Array(index.length);
  batch.forEach((user, row) => {
    const [start, end] = [offsets[user]!, offsets[user + 1]!];
    let at = (row + 1) * length - (end - start);
    for (let e = start; e < end; e++, at++) {
      index[at] = BigInt(items[e]!);
      weight[at] = weights[e]!;
      age[at] = (times[end - 1]! - times[e]!) / secondMs;
    }
  });
  return {
    ordered_index: { dtype: "int64", dims, data: index },
    ordered_weight: { dtype: "float32", dims, data: weight },
    ...(withAge && { ordered_age: { dtype: "float32", dims, data: age } }),
  };
}

function longest({ offsets }: Interactions, batch: Int32Array): number {
  return batch.reduce((most, user) => Math.max(most, offsets[user + 1]! - offsets[user]!), 0);
}

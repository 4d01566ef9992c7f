/** Encoded inputs of some users for `declareEncodedInputs`: what the artifact's encoder would hand to the fragment. */
import type { Column, Interactions, Table, Tensor } from "@attune/contracts";
import type { ColumnUse, RecommendFragment } from "@attune/features";
import { columnInput } from "./encoded-model.ts";
import type { RankingTask } from "./task.ts";

/** Codes of the encoder for values that train never had, for missing ones, and for padding. */
const unknownLevel = -1n;
const missingLevel = -2n;

export type Feeds = Readonly<Record<string, Tensor>>;

/** @param users - at least one. */
export function feedUsers(fragment: RecommendFragment, task: RankingTask, users: Int32Array): Feeds {
  const needs = fragment.needs ?? [];
  const { userFeatures } = task;
  const columns = (fragment.columns ?? []).map((column): [string, Tensor] => [
    columnInput(column.name),
    feedColumn(column, userFeatures, users),
  ]);
  return {
    ...feedHistory(task.history, users),
    ...(needs.length > 0 && feedOrdered(task.ordered, users, needs.includes("time"))),
    ...Object.fromEntries(columns),
  };
}

/** Rising by item, padded behind with item 0 at weight 0. */
function feedHistory(history: Interactions, users: Int32Array): Feeds {
  const { offsets, items, weights } = history;
  const length = longest(history, users);
  const index = new BigInt64Array(users.length * length);
  const weight = new Float32Array(index.length);
  users.forEach((user, row) => {
    let at = row * length;
    for (let e = offsets[user]!; e < offsets[user + 1]!; e++, at++) {
      index[at] = BigInt(items[e]!);
      weight[at] = weights[e]!;
    }
  });
  const dims = [users.length, length];
  return {
    index: { dtype: "int64", dims, data: index },
    weight: { dtype: "float32", dims, data: weight },
  };
}

/** Oldest first, padded in front with item 0 at weight 0. */
function feedOrdered(ordered: Interactions, users: Int32Array, withAge: boolean): Feeds {
  const { offsets, items, weights, times } = ordered;
  const length = longest(ordered, users);
  const index = new BigInt64Array(users.length * length);
  const weight = new Float32Array(index.length);
  const age = new Float32Array(index.length);
  users.forEach((user, row) => {
    const end = offsets[user + 1]!;
    let at = (row + 1) * length - (end - offsets[user]!);
    for (let e = offsets[user]!; e < end; e++, at++) {
      index[at] = BigInt(items[e]!);
      weight[at] = weights[e]!;
      age[at] = (times[end - 1]! - times[e]!) / 1000;
    }
  });
  const dims = [users.length, length];
  return {
    ordered_index: { dtype: "int64", dims, data: index },
    ordered_weight: { dtype: "float32", dims, data: weight },
    ...(withAge && { ordered_age: { dtype: "float32", dims, data: age } }),
  };
}

function longest({ offsets }: Interactions, users: Int32Array): number {
  return users.reduce((most, user) => Math.max(most, offsets[user + 1]! - offsets[user]!), 0);
}

/** A column that users do not have (it is of the context, say) is missing for all. */
function feedColumn(use: ColumnUse, table: Table | undefined, users: Int32Array): Tensor {
  const column = table?.columns.find(({ name, kind }) => name === use.name && kind === use.kind);
  const isMissing = (user: number) => column === undefined || column.missing?.[user] === 1;
  const dims = [users.length, 1];
  switch (use.kind) {
    case "number": {
      const { data } = (column ?? { data: [] }) as { data: ArrayLike<number> };
      return {
        dtype: "float32",
        dims,
        data: Float32Array.from(users, (user) => (isMissing(user) ? Number.NaN : data[user]!)),
      };
    }
    case "text": {
      const { data } = (column ?? { data: [] }) as { data: readonly string[] };
      return {
        dtype: "string",
        dims,
        data: Array.from(users, (user) => (isMissing(user) ? "" : data[user]!)),
      };
    }
    case "category":
    case "set": {
      const rows = Array.from(users, (user) => (isMissing(user) ? [] : levelsOf(use, column!, user)));
      const width = use.kind === "category" ? 1 : Math.max(0, ...rows.map((row) => row.length));
      const codes = new BigInt64Array(users.length * width).fill(missingLevel);
      rows.forEach((row, at) => codes.set(row, at * width));
      return { dtype: "int64", dims: [users.length, width], data: codes };
    }
  }
}

/** The codes of one row in the model's order of levels. */
function levelsOf(use: ColumnUse, column: Column, row: number): bigint[] {
  if (column.kind !== "category" && column.kind !== "set") return [];
  const [start, end] = column.kind === "set" ? [column.offsets[row]!, column.offsets[row + 1]!] : [row, row + 1];
  return Array.from(column.codes.subarray(start, end), (code) => {
    const place = code < 0 ? -1 : (use.levels?.indexOf(column.levels[code]!) ?? -1);
    return place < 0 ? unknownLevel : BigInt(place);
  });
}

/** Requests to the graph's feeds, and the graph's outputs to slates. Shapes are those of docs/artifact.md. */
import type { Recommendation, RecommendRequest, ScoreSource, Tensor } from "@attune/contracts";
import type { InputColumn } from "@attune/contracts/manifest";
import { type ColumnValues, encodeColumns } from "../request/columns.ts";

/** List length when a request does not say. */
export const defaultK = 10;

/** What a recommend graph declares beside the inputs that all have. */
export interface FeedShape {
  /** Whether there is an input `history_time`. */
  readonly takesTime: boolean;
  /** User and context columns. */
  readonly columns: readonly InputColumn[];
}

/** One row of the graph's inputs, before padding. */
export interface GraphRow {
  /** In the order it happened, repeats allowed. */
  readonly ids: readonly string[];
  /** Same length as `ids`. */
  readonly weights: ArrayLike<number>;
  /** Epoch seconds, same length as `ids`, NaN where there is none; absent: none at all, so all ages are 0. */
  readonly times?: ArrayLike<number> | undefined;
  readonly exclude: readonly string[];
  /** Empty: the whole catalogue. */
  readonly allow: readonly string[];
  readonly features: ColumnValues;
  readonly k: number;
}

/** A checked request as a row of the graph. */
export function toGraphRow(request: RecommendRequest): GraphRow {
  const { history, exclude = [], allow = [], features = {}, k = defaultK } = request;
  const length = history.length;
  const ids = new Array<string>(length);
  const weights = new Float32Array(length);
  const times = new Float64Array(length).fill(Number.NaN);
  for (let index = 0; index < length; index++) {
    const entry = history[index]!;
    if (typeof entry === "string") {
      ids[index] = entry;
      weights[index] = 1;
    } else {
      ids[index] = entry.item;
      weights[index] = entry.weight ?? 1;
      times[index] = entry.time ?? Number.NaN;
    }
  }
  return { ids, weights, times, exclude, allow, features, k };
}

/**
 * Pads rows to one batch: the longest history, the longest exclude and allow lists, the largest k. Only what the graph
 * declares is fed. A top-k list is a prefix of every longer one, so each row's own k is cut afterwards.
 */
export function encodeBatch(
  rows: readonly GraphRow[],
  { takesTime, columns }: FeedShape,
): Record<string, Tensor> {
  const batch = rows.length;
  let length = 0;
  let k = 1;
  for (const row of rows) {
    length = Math.max(length, row.ids.length);
    k = Math.max(k, row.k);
  }
  const weights = new Float32Array(batch * length);
  rows.forEach((row, r) => {
    weights.set(row.weights, r * length);
  });
  return {
    history: encodeLists(rows.map((row) => row.ids)),
    history_weight: { dtype: "float32", dims: [batch, length], data: weights },
    ...(takesTime && { history_time: encodeTimes(rows, length) }),
    exclude: encodeLists(rows.map((row) => row.exclude)),
    allow: encodeLists(rows.map((row) => row.allow)),
    ...encodeColumns(
      columns,
      rows.map((row) => row.features),
    ),
    k: { dtype: "int64", dims: [1], data: BigInt64Array.of(BigInt(k)) },
  };
}

/** Lists of ids, padded with "" to the longest. */
function encodeLists(lists: readonly (readonly string[])[]): Tensor {
  const width = lists.reduce((longest, list) => Math.max(longest, list.length), 0);
  const data = new Array<string>(lists.length * width).fill("");
  lists.forEach((list, row) => {
    for (let index = 0; index < list.length; index++) data[row * width + index] = list[index]!;
  });
  return { dtype: "string", dims: [lists.length, width], data };
}

function encodeTimes(rows: readonly GraphRow[], length: number): Tensor {
  const data = new Float64Array(rows.length * length).fill(Number.NaN);
  rows.forEach(({ times }, row) => {
    if (times !== undefined) data.set(times, row * length);
  });
  return { dtype: "float64", dims: [rows.length, length], data };
}

/** Cuts each row's list to its own k and drops the padding ("" and NaN). */
export function decodeBatch(
  rows: readonly GraphRow[],
  outputs: Readonly<Record<string, Tensor>>,
): Recommendation[] {
  const items = outputs.items!;
  const ids = items.data as readonly string[];
  const scores = outputs.scores!.data as Float32Array;
  const sources = outputs.source!.data as readonly string[];
  const unknown = outputs.unknown!.data as BigInt64Array;
  const width = items.dims[1]!;
  return rows.map((row, r) => {
    const start = r * width;
    let end = start;
    const limit = start + Math.min(row.k, width);
    while (end < limit && ids[end] !== "") end++;
    return {
      ids: ids.slice(start, end),
      scores: Array.from(scores.subarray(start, end)),
      source: sources[r] as ScoreSource,
      unknown: Number(unknown[r]),
    };
  });
}

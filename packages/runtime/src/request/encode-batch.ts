/** Requests to the graph's feeds, and the graph's outputs to slates. Shapes are those of docs/artifact.md. */
import type { Recommendation, RecommendRequest, ScoreSource, Tensor } from "@attune/contracts";

/** List length when a request does not say. */
export const defaultK = 10;

/** One row of the graph's inputs, before padding. */
export interface GraphRow {
  readonly ids: readonly string[];
  /** Same length as `ids`. */
  readonly weights: ArrayLike<number>;
  readonly exclude: readonly string[];
  readonly k: number;
}

/** A checked request as a row of the graph. */
export function toGraphRow({ history, exclude = [], k = defaultK }: RecommendRequest): GraphRow {
  const length = history.length;
  const ids = new Array<string>(length);
  const weights = new Float32Array(length);
  for (let index = 0; index < length; index++) {
    const entry = history[index]!;
    if (typeof entry === "string") {
      ids[index] = entry;
      weights[index] = 1;
    } else {
      ids[index] = entry.item;
      weights[index] = entry.weight ?? 1;
    }
  }
  return { ids, weights, exclude, k };
}

/**
 * Pads rows to one batch: the longest history, the longest exclude list, the largest k.
 * A top-k list is a prefix of every longer one, so each row's own k is cut afterwards.
 */
export function encodeBatch(rows: readonly GraphRow[]): Record<string, Tensor> {
  const batch = rows.length;
  let length = 0;
  let excluded = 0;
  let k = 1;
  for (const row of rows) {
    length = Math.max(length, row.ids.length);
    excluded = Math.max(excluded, row.exclude.length);
    k = Math.max(k, row.k);
  }
  const history = new Array<string>(batch * length).fill("");
  const weights = new Float32Array(batch * length);
  const exclude = new Array<string>(batch * excluded).fill("");
  rows.forEach((row, r) => {
    for (let i = 0; i < row.ids.length; i++) history[r * length + i] = row.ids[i]!;
    weights.set(row.weights, r * length);
    for (let i = 0; i < row.exclude.length; i++) exclude[r * excluded + i] = row.exclude[i]!;
  });
  return {
    history: { dtype: "string", dims: [batch, length], data: history },
    history_weight: { dtype: "float32", dims: [batch, length], data: weights },
    exclude: { dtype: "string", dims: [batch, excluded], data: exclude },
    k: { dtype: "int64", dims: [1], data: BigInt64Array.of(BigInt(k)) },
  };
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

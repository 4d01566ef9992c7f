/** A recommender small enough to check by hand: what the tiny graph computes, in plain TypeScript. */
import type { Recommendation, Tensor, ValueInfo } from "@attune/contracts";
import type { FakeModel } from "../fake-session.ts";
import { seeded } from "../seeded.ts";

/** A catalogue with a weight between each two items. */
export interface TinyCatalogue {
  /** `[items]`, most popular first. */
  readonly ids: readonly string[];
  /** `[items, items]` row-major: score added to column j by a history item i of weight 1. */
  readonly weights: Float32Array;
  /** `[items]` scores when nothing is known of the user, falling. */
  readonly popularity: Float32Array;
}

/** A seeded catalogue; ids include non-ASCII ones. */
export function tinyCatalogue(itemCount = 12, seed = 7): TinyCatalogue {
  const random = seeded(seed);
  return {
    ids: Array.from({ length: itemCount }, (_, index) =>
      index % 5 === 4 ? `žánr-${index}` : `item-${index}`,
    ),
    weights: random.uniform(itemCount * itemCount, -1, 1),
    popularity: Float32Array.from({ length: itemCount }, (_, index) => 1 / (index + 1)),
  };
}

export interface TinyRequest {
  readonly ids: readonly string[];
  readonly weights: ArrayLike<number>;
  readonly exclude: readonly string[];
  readonly k: number;
}

/** The contract of the recommend graph for one row: repeats count once with their largest weight, ties by index. */
export function recommendTiny(
  { ids, weights, popularity }: TinyCatalogue,
  request: TinyRequest,
): Recommendation {
  const size = ids.length;
  const history = new Float32Array(size);
  let unknown = 0;
  request.ids.forEach((id, position) => {
    const index = ids.indexOf(id);
    if (index >= 0) history[index] = Math.max(history[index]!, request.weights[position]!);
    else if (id !== "") unknown++;
  });
  const isKnown = history.some((weight) => weight > 0);
  const scores = isKnown ? new Float32Array(size) : popularity;
  if (isKnown) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) scores[j]! += history[i]! * weights[i * size + j]!;
    }
  }
  const order = Array.from(ids.keys())
    .filter((index) => history[index] === 0 && !request.exclude.includes(ids[index]!))
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, request.k);
  return {
    ids: order.map((index) => ids[index]!),
    scores: order.map((index) => scores[index]!),
    source: isKnown ? "model" : "fallback",
    unknown,
  };
}

/** Inputs of the recommend graph, signature version 1. */
export const recommendInputs: readonly ValueInfo[] = [
  { name: "history", dtype: "string", dims: ["batch", "length"] },
  { name: "history_weight", dtype: "float32", dims: ["batch", "length"] },
  { name: "exclude", dtype: "string", dims: ["batch", "excluded"] },
  { name: "k", dtype: "int64", dims: [1] },
];

/** Outputs of the recommend graph, signature version 1. */
export const recommendOutputs: readonly ValueInfo[] = [
  { name: "items", dtype: "string", dims: ["batch", "k"] },
  { name: "scores", dtype: "float32", dims: ["batch", "k"] },
  { name: "source", dtype: "string", dims: ["batch"] },
  { name: "unknown", dtype: "int64", dims: ["batch"] },
];

/** The tiny recommender as a fake session's model: the whole graph contract, padding included. */
export function tinyFakeModel(catalogue: TinyCatalogue): FakeModel {
  return {
    inputs: recommendInputs,
    outputs: recommendOutputs,
    compute: (feeds) => computeBatch(catalogue, feeds),
  };
}

function computeBatch(
  catalogue: TinyCatalogue,
  feeds: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  const history = feeds.history as Tensor<"string">;
  const weights = feeds.history_weight as Tensor<"float32">;
  const exclude = feeds.exclude as Tensor<"string">;
  const k = Number((feeds.k as Tensor<"int64">).data[0]);
  const [batch = 0, length = 0] = history.dims;
  const excluded = exclude.dims[1]!;
  const rows = Array.from({ length: batch }, (_, row) =>
    recommendTiny(catalogue, {
      ids: history.data.slice(row * length, (row + 1) * length),
      weights: weights.data.subarray(row * length, (row + 1) * length),
      exclude: exclude.data.slice(row * excluded, (row + 1) * excluded),
      k,
    }),
  );
  const pad = <T>(values: readonly T[], filler: T) =>
    Array.from({ length: k }, (_, rank) => values[rank] ?? filler);
  return {
    items: { dtype: "string", dims: [batch, k], data: rows.flatMap((row) => pad(row.ids, "")) },
    scores: {
      dtype: "float32",
      dims: [batch, k],
      data: Float32Array.from(rows.flatMap((row) => pad(row.scores, Number.NaN))),
    },
    source: { dtype: "string", dims: [batch], data: rows.map((row) => row.source) },
    unknown: { dtype: "int64", dims: [batch], data: BigInt64Array.from(rows, (row) => BigInt(row.unknown)) },
  };
}

/** The tiny recommender as a fake session's model: the whole graph contract, padding included. */
import type { Tensor, TensorDataMap } from "@attune/contracts";
import { rowsOfFeeds, tinyColumns } from "../columns/tiny-columns.ts";
import type { FakeModel } from "../fake-session.ts";
import { recommendInputs, recommendOutputs } from "./signature.ts";
import { recommendTiny, type TinyCatalogue } from "./tiny-reference.ts";

export function tinyFakeModel(catalogue: TinyCatalogue): FakeModel {
  return {
    inputs: recommendInputs(catalogue.contextWeights !== undefined),
    outputs: recommendOutputs,
    compute: (feeds) => computeBatch(catalogue, feeds),
  };
}

function computeBatch(
  catalogue: TinyCatalogue,
  feeds: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  const history = feeds.history as Tensor<"string">;
  const k = Number((feeds.k as Tensor<"int64">).data[0]);
  const [batch = 0] = history.dims;
  const rowOf = <D extends "string" | "float32" | "float64">(name: string, row: number) => {
    const { data, dims } = feeds[name] as Tensor<D>;
    return data.slice(row * dims[1]!, (row + 1) * dims[1]!) as TensorDataMap[D];
  };
  const features = catalogue.contextWeights === undefined ? [] : rowsOfFeeds(tinyColumns, feeds);
  const rows = Array.from({ length: batch }, (_, row) =>
    recommendTiny(catalogue, {
      ids: rowOf<"string">("history", row),
      weights: rowOf<"float32">("history_weight", row),
      times: feeds.history_time && rowOf<"float64">("history_time", row),
      exclude: rowOf<"string">("exclude", row),
      allow: rowOf<"string">("allow", row),
      features: features[row],
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

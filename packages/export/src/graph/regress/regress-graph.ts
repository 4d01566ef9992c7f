/** The `regress` graph: columns in, a number out, with bounds where the model has them. */
import type { Model } from "@attune/onnx";
import { buildRowGraph, type RowGraphInput, squeezeColumn } from "../row-graph.ts";

/**
 * Builds the graph of docs/artifact.md. Same input, same model, byte for byte.
 *
 * @throws {AttuneError} `EXPORT_COLUMNS` for columns that a graph cannot hold, `EXPORT_NOT_FINITE`, `ONNX_INVALID` when the
 * fragment breaks the graph.
 */
export function buildRegressGraph(input: RowGraphInput<"regress">): Model {
  const { model } = input;
  return buildRowGraph({
    task: "regress",
    model,
    origin: input,
    outputs: ["value", "lower", "upper"],
    build(graph, own, columns) {
      const { value, lower, upper } = model.fragment.build(own, columns);
      const tail = graph.scope("answer");
      graph.output("value", squeezeColumn(tail, value, "value"), ["batch"]);
      if (lower) graph.output("lower", squeezeColumn(tail, lower, "lower"), ["batch"]);
      if (upper) graph.output("upper", squeezeColumn(tail, upper, "upper"), ["batch"]);
    },
  });
}

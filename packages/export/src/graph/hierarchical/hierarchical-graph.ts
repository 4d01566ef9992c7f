/** The `hierarchical` graph: columns, draws of the posterior prediction, their mean and interval, and the level that answers. */
import type { HierarchicalFragment } from "@attune/features";
import { int64Tensor, type Model } from "@attune/onnx";
import { buildRowGraph, type RowGraphInput } from "../row-graph.ts";
import { nameLevel, population } from "./level.ts";
import { tailQuantile } from "./quantile.ts";

/**
 * Builds the graph of docs/artifact.md. Same input, same model, byte for byte.
 *
 * @throws {AttuneError} `EXPORT_COLUMNS` for columns or levels that a graph cannot hold, `EXPORT_NOT_FINITE`, `ONNX_INVALID`
 * when the fragment breaks the graph.
 */
export function buildHierarchicalGraph(input: RowGraphInput<"hierarchical">): Model {
  const { model } = input;
  const { fragment } = model;
  return buildRowGraph({
    task: "hierarchical",
    model,
    origin: input,
    outputs: ["mean", "lower", "upper", "level"],
    issues: checkLevels(fragment),
    build(graph, own, columns) {
      const draws = fragment.build(own, columns);
      const posterior = graph.scope("posterior");
      const axis = posterior.constant("axis", int64Tensor([1]));
      const mean = posterior.node("ReduceMean", [draws, axis], { name: "mean", attributes: { keepdims: 0 } });
      const { drawCount } = fragment;
      graph.output("mean", mean, ["batch"]);
      graph.output("lower", tailQuantile(posterior.scope("lower"), draws, { drawCount, tail: "lower" }), [
        "batch",
      ]);
      graph.output("upper", tailQuantile(posterior.scope("upper"), draws, { drawCount, tail: "upper" }), [
        "batch",
      ]);
      graph.output("level", nameLevel(graph.scope("level"), columns, fragment.levels), ["batch"]);
    },
  });
}

function checkLevels({ levels, columns, drawCount }: HierarchicalFragment): readonly string[] {
  const categories = new Set(columns.filter(({ kind }) => kind === "category").map(({ name }) => name));
  return [
    ...levels.flatMap((level) =>
      categories.has(level) ? [] : [`level "${level}": the model reads no category column of this name`],
    ),
    ...(levels.length === 0 ? ["no levels: there must be one at least"] : []),
    ...(levels.includes(population) ? [`level "${population}": the word says that no group is known`] : []),
    ...(Number.isInteger(drawCount) && drawCount >= 1
      ? []
      : [`${drawCount} draws: there must be one at least`]),
  ];
}

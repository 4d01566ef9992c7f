/** A fragment behind encoded inputs, as a graph of its own: what every split is ranked with. */
import type { DataType } from "@attune/contracts";
import type { ColumnUse, EncodedColumn, RecommendFragment, RecommendInputs } from "@attune/features";
import { createGraph, float32Tensor, type GraphBuilder, int64Tensor, type Value, writeModel } from "@attune/onnx";

/** Where a column is fed. */
export function columnInput(name: string): string {
  return `column/${name}`;
}

/**
 * Declares what a fragment is given: `index` int64 and `weight` float32 `[batch, length]`; `ordered_index`,
 * `ordered_weight` and `ordered_age` `[batch, events]` if it needs order or time; one input per column it reads.
 */
export function declareEncodedInputs(graph: GraphBuilder, fragment: RecommendFragment): RecommendInputs {
  const declare = (name: string, dtype: DataType, width: string) => graph.input(name, dtype, ["batch", width]);
  const needs = fragment.needs ?? [];
  const ordered = needs.length > 0 && {
    ordered: {
      index: declare("ordered_index", "int64", "events"),
      weight: declare("ordered_weight", "float32", "events"),
      ...(needs.includes("time") && { age: declare("ordered_age", "float32", "events") }),
    },
  };
  return {
    history: { index: declare("index", "int64", "length"), weight: declare("weight", "float32", "length") },
    ...ordered,
    columns: Object.fromEntries(
      (fragment.columns ?? []).map((column) => [column.name, declareColumn(graph, column)]),
    ),
  };
}

function declareColumn(graph: GraphBuilder, { name, kind }: ColumnUse): EncodedColumn {
  const input = columnInput(name);
  switch (kind) {
    case "number":
      return { kind, value: graph.input(input, "float32", ["batch", 1]) };
    case "category":
      return { kind, code: graph.input(input, "int64", ["batch", 1]) };
    case "set":
      return { kind, codes: graph.input(input, "int64", ["batch", `${name}_values`]) };
    case "text":
      return { kind, value: graph.input(input, "string", ["batch", 1]) };
  }
}

export interface RankingModelOptions {
  /** Length of the lists, at most the number of items. */
  readonly k: number;
  /** Items of the history are never listed. */
  readonly hideSeen: boolean;
}

/**
 * The fragment with the tail of the artifact: items of the history at −∞, then TopK, whose ties go to the lower index.
 * Only the lists leave the engine, not the scores of the catalogue.
 *
 * Outputs `items` int64 and `scores` float32 `[batch, k]`, best first; −∞ where nothing is left to list.
 */
export function writeRankingModel(
  fragment: RecommendFragment,
  { k, hideSeen }: RankingModelOptions,
): Uint8Array {
  const graph = createGraph();
  const inputs = declareEncodedInputs(graph, fragment);
  const scores = fragment.build(graph.scope("model"), inputs);
  const masked = hideSeen ? hideHistory(graph, scores, inputs) : scores;
  const count = graph.constant("k", int64Tensor([k]));
  const [best, items] = graph.nodes("TopK", [masked, count], 2, {
    name: "best",
    attributes: { axis: 1 },
  }) as [Value, Value];
  graph.output("items", items);
  graph.output("scores", best);
  return writeModel(graph.build({ name: "ranking" }));
}

/** Padding points at an item too: +∞ leaves that one as it is. */
function hideHistory(graph: GraphBuilder, scores: Value, { history }: RecommendInputs): Value {
  const scalar = (name: string, value: number) => graph.constant(name, float32Tensor([value], []));
  const counts = graph.node("Greater", [history.weight, scalar("no_weight", 0)], { name: "counts" });
  const ceiling = graph.node(
    "Where",
    [counts, scalar("nothing", Number.NEGATIVE_INFINITY), scalar("unchanged", Number.POSITIVE_INFINITY)],
    { name: "ceiling" },
  );
  return graph.node("ScatterElements", [scores, history.index, ceiling], {
    name: "masked",
    attributes: { axis: 1, reduction: "min" },
  });
}

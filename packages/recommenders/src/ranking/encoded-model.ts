/** A fragment behind encoded inputs, as a graph of its own: what every split is ranked with. */
import { addEncodedInputs, type RecommendFragment, type RecommendInputs } from "@attune/features";
import {
  createGraph,
  float32Tensor,
  type GraphBuilder,
  int64Tensor,
  type Value,
  writeModel,
} from "@attune/onnx";

export interface RankingModelOptions {
  /** Length of the lists, at most the number of items. */
  readonly k: number;
  /** Items of the history are never listed. */
  readonly hideSeen: boolean;
}

/**
 * Inputs `index` int64 and `weight` float32 `[batch, length]`, the distinct history; for fragments that need order also
 * `ordered_index`, `ordered_weight` and, for time, `ordered_age` `[batch, events]`; the columns it names as `addEncodedInputs`
 * says. Output `scores` float32 `[batch, items]`.
 */
export function writeScoringModel(fragment: RecommendFragment): Uint8Array {
  const graph = createGraph();
  const inputs = declareInputs(graph, fragment);
  graph.output("scores", fragment.build(graph.scope("model"), inputs));
  return writeModel(graph.build({ name: "scoring" }));
}

/**
 * The fragment with the tail of the artifact: items of the history at −∞, then TopK, whose ties go to the lower index.
 * Only the lists leave the engine, not the scores of the catalogue.
 *
 * Inputs as `writeScoringModel`. Outputs `items` int64 and `scores` float32 `[batch, k]`, best first; −∞ where nothing is left to list.
 */
export function writeRankingModel(
  fragment: RecommendFragment,
  { k, hideSeen }: RankingModelOptions,
): Uint8Array {
  const graph = createGraph();
  const inputs = declareInputs(graph, fragment);
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

function declareInputs(graph: GraphBuilder, fragment: RecommendFragment): RecommendInputs {
  const index = graph.input("index", "int64", ["batch", "length"]);
  const weight = graph.input("weight", "float32", ["batch", "length"]);
  const needs = fragment.needs ?? [];
  const ordered = needs.length > 0 && {
    index: graph.input("ordered_index", "int64", ["batch", "events"]),
    weight: graph.input("ordered_weight", "float32", ["batch", "events"]),
    ...(needs.includes("time") && { age: graph.input("ordered_age", "float32", ["batch", "events"]) }),
  };
  const columns = addEncodedInputs(graph, fragment.columns ?? []);
  return { history: { index, weight }, ...(ordered && { ordered }), columns };
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

/** From a model's scores to a list: fallback, mask, top-k and padding, as graph nodes. */
import type { EncodedRequest, HiddenItems, ScoringModel } from "@attune/features";
import { float32Tensor, type GraphBuilder, int64Tensor, stringTensor, type Value } from "@attune/onnx";

export interface ScoreInput {
  readonly model: ScoringModel;
  readonly popularity: Float32Array;
  readonly encoded: EncodedRequest;
}

/**
 * Scores of the catalogue: the model's in rows with a known item, popularity in the others.
 *
 * Popularity is laid down first, zero where the model will answer, so that a fragment that only adds to it costs no
 * pass over the catalogue more. Other fragments are merged with a Where.
 *
 * @returns `scores` float32 `[batch, items]`, `source` string `[batch]`.
 */
export function scoreOrFallBack(
  graph: GraphBuilder,
  { model, popularity, encoded }: ScoreInput,
): { scores: Value; source: Value } {
  const fallback = graph.scope("fallback");
  const zero = fallback.constant("zero", float32Tensor([0], []));
  const popular = fallback.constant("popularity", float32Tensor(popularity, [1, popularity.length]));
  const isEmpty = fallback.node("Equal", [encoded.totalWeight, zero], { name: "is_empty" });
  const own = graph.scope(model.kind);

  const label = fallback.node(
    "Where",
    [
      isEmpty,
      fallback.constant("fallback", stringTensor(["fallback"], [])),
      fallback.constant("model", stringTensor(["model"], [])),
    ],
    { name: "label" },
  );
  const source = fallback.node("Squeeze", [label, fallback.constant("last", int64Tensor([1]))], {
    name: "source",
  });
  if (model.fragment.addsToBase !== true) {
    const scores = model.fragment.build(own, encoded.history);
    return { scores: fallback.node("Where", [isEmpty, popular, scores], { name: "scores" }), source };
  }
  const empty = fallback.node("Cast", [isEmpty], { name: "empty", attributes: { to: "float32" } });
  const base = fallback.node("Mul", [empty, popular], { name: "base" });
  return { scores: model.fragment.build(own, { ...encoded.history, base }), source };
}

export interface RankInput {
  /** float32 `[batch, items]`, finite. */
  readonly scores: Value;
  readonly hidden: HiddenItems;
  /** int64 `[1]` */
  readonly k: Value;
  readonly itemIds: readonly string[];
}

/**
 * The `k` best items of each row that are not hidden; equal scores by lower index (TopK's own rule). Short lists are
 * padded with `""` and NaN.
 *
 * @returns `items` string `[batch, k]`, `scores` float32 `[batch, k]`.
 */
export function rankItems(
  graph: GraphBuilder,
  { scores, hidden, k, itemIds }: RankInput,
): { items: Value; scores: Value } {
  const nothing = graph.constant("nothing", float32Tensor([Number.NEGATIVE_INFINITY], []));
  const unchanged = graph.constant("unchanged", float32Tensor([Number.POSITIVE_INFINITY], []));
  // min(score, +∞) leaves item 0 alone where an id is unknown; scattering a mask of its own would be a second pass.
  const ceiling = graph.node("Where", [hidden.known, nothing, unchanged], { name: "ceiling" });
  const masked = graph.node("ScatterElements", [scores, hidden.index, ceiling], {
    name: "masked",
    attributes: { axis: 1, reduction: "min" },
  });

  const items = itemIds.length;
  const available = graph.node("Min", [k, graph.constant("items", int64Tensor([items]))], {
    name: "available",
  });
  const [best, index] = graph.nodes("TopK", [masked, available], 2, {
    name: "best",
    attributes: { axis: 1 },
  }) as [Value, Value];
  const isItem = graph.node("Greater", [best, nothing], { name: "is_item" });
  const noItem = graph.constant("no_item", int64Tensor([items], []));
  const noScore = graph.constant("no_score", float32Tensor([Number.NaN], []));

  const missing = graph.node("Sub", [k, available], { name: "missing" });
  const pads = graph.node("Concat", [graph.constant("pad", int64Tensor([0, 0, 0])), missing], {
    name: "pads",
    attributes: { axis: 0 },
  });
  const fill = (value: Value, otherwise: Value, name: string) =>
    graph.node("Pad", [graph.node("Where", [isItem, value, otherwise]), pads, otherwise], { name });
  // One more id than items, "" at the end: what stands there for no item.
  const ids = graph.constant("ids", stringTensor([...itemIds, ""]));
  return {
    items: graph.node("Gather", [ids, fill(index, noItem, "index")], { name: "ids" }),
    scores: fill(best, noScore, "scores"),
  };
}

/** From scores to a list: what may come back, top-k and padding, as graph nodes. */
import type { AllowedItems, NamedItems } from "@attune/features";
import {
  float32Tensor,
  type GraphBuilder,
  int64Tensor,
  type Subgraph,
  stringTensor,
  type Value,
} from "@attune/onnx";

export interface RankInput {
  /** float32 `[batch, items]`, finite. */
  readonly scores: Value;
  readonly hidden: NamedItems;
  readonly allowed: AllowedItems;
  /** int64 `[1]` */
  readonly k: Value;
  readonly itemIds: readonly string[];
}

/**
 * The `k` best items of each row that are allowed and not hidden; equal scores by lower index (TopK's own rule). Short
 * lists are padded with `""` and NaN.
 *
 * @returns `items` string `[batch, k]`, `scores` float32 `[batch, k]`.
 */
export function rankItems(graph: GraphBuilder, input: RankInput): { items: Value; scores: Value } {
  const { k, itemIds } = input;
  const nothing = graph.constant("nothing", float32Tensor([Number.NEGATIVE_INFINITY], []));
  const items = itemIds.length;
  const available = graph.node("Min", [k, graph.constant("items", int64Tensor([items]))], {
    name: "available",
  });
  const { best, index } = pickBest(graph, { ...input, masked: hideItems(graph, input), available });
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

/** Scores with −∞ at what must not come back. */
function hideItems(graph: GraphBuilder, { scores, hidden }: RankInput): Value {
  const nothing = graph.constant("nothing", float32Tensor([Number.NEGATIVE_INFINITY], []));
  const unchanged = graph.constant("unchanged", float32Tensor([Number.POSITIVE_INFINITY], []));
  // min(score, +∞) leaves item 0 alone where an id is unknown; scattering a mask of its own would be a second pass.
  const ceiling = graph.node("Where", [hidden.known, nothing, unchanged], { name: "ceiling" });
  return graph.node("ScatterElements", [scores, hidden.index, ceiling], {
    name: "masked",
    attributes: { axis: 1, reduction: "min" },
  });
}

interface PickInput {
  /** float32 `[batch, items]` */
  readonly masked: Value;
  readonly allowed: AllowedItems;
  readonly itemIds: readonly string[];
  /** int64 `[1]` at most the number of items. */
  readonly available: Value;
}

/**
 * The best of each row. The mask of what is allowed costs a pass over the catalogue, so it stands in a branch that runs only
 * when some row restricts anything; TopK is in both, so that nothing of the catalogue's size leaves them (decision 14).
 */
function pickBest(graph: GraphBuilder, input: PickInput): { best: Value; index: Value } {
  const { masked, allowed, available } = input;
  const one = graph.constant("one", int64Tensor([1]));
  const given = graph.node("Cast", [allowed.given], { name: "given", attributes: { to: "int64" } });
  const count = graph.node("ReduceSum", [given, one], { name: "given_count", attributes: { keepdims: 1 } });
  const none = graph.constant("none", int64Tensor([0], []));
  const restricts = graph.node("Greater", [count, none], { name: "restricts" });
  const total = graph.node("ReduceSum", [given], { name: "given_total", attributes: { keepdims: 0 } });
  const some = graph.node("Greater", [total, none], { name: "some_restrict" });

  const topK = (name: string, scoresOf: (body: GraphBuilder) => Value): Subgraph =>
    graph.subgraph(name, (body) => {
      const [best, index] = body.nodes("TopK", [scoresOf(body), available], 2, {
        name: "best",
        attributes: { axis: 1 },
      }) as [Value, Value];
      body.output("best", best);
      body.output("index", index);
    });
  const [best, index] = graph.nodes("If", [some], 2, {
    name: "allowed",
    attributes: {
      then_branch: topK("only_allowed", (body) => allowItems(body, input, restricts)),
      else_branch: topK("all", () => masked),
    },
  }) as [Value, Value];
  return { best, index };
}

/** Scores with −∞ at what is not allowed, in the rows that restrict anything. */
function allowItems(body: GraphBuilder, { masked, allowed }: PickInput, restricts: Value): Value {
  const nothing = body.constant("nothing", float32Tensor([Number.NEGATIVE_INFINITY], []));
  const unchanged = body.constant("unchanged", float32Tensor([Number.POSITIVE_INFINITY], []));
  const floor = body.node("Where", [restricts, nothing, unchanged], { name: "floor" });
  const ceiling = body.node("Expand", [floor, body.node("Shape", [masked])], { name: "ceiling" });
  const lifted = body.node("Where", [allowed.known, unchanged, nothing], { name: "lifted" });
  const allowing = body.node("ScatterElements", [ceiling, allowed.index, lifted], {
    name: "allowing",
    attributes: { axis: 1, reduction: "max" },
  });
  return body.node("Min", [masked, allowing], { name: "restricted" });
}

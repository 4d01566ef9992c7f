/** The encoder of histories: raw ids and weights in, distinct item indexes and weights out. */
import { weightRange } from "@attune/contracts";
import { float32Tensor, type GraphBuilder, int64Tensor, type Value } from "@attune/onnx";
import type { EncodedHistory } from "./fragment.ts";
import { encodeIds, paddingCode, unknownCode } from "./vocabulary.ts";

/** The raw inputs of the graph. */
export interface RawHistory {
  /** string `[batch, length]` item ids, padded with `""`. */
  readonly history: Value;
  /** float32 `[batch, length]`; an entry whose weight is not > 0 does not count. */
  readonly weight: Value;
  /** string `[batch, excluded]` item ids that must not be returned, padded with `""`. */
  readonly exclude: Value;
}

/** What the ranking needs to know besides the history. */
export interface EncodedRequest {
  readonly history: EncodedHistory;
  /** int64 `[batch]` history entries that are neither padding nor in the vocabulary. */
  readonly unknownCount: Value;
  /** float32 `[batch, 1]` sum of the weights; 0 when no known item counts. */
  readonly totalWeight: Value;
  /** Items that must not come back: the history's and the excluded ones. */
  readonly hidden: HiddenItems;
}

export interface HiddenItems {
  /** int64 `[batch, length + excluded]` item index, 0 where `known` is false. */
  readonly index: Value;
  /** bool `[batch, length + excluded]` */
  readonly known: Value;
}

/**
 * Appends the encoder. Rules: unknown ids and padding count nothing; an item given several times counts once, with
 * its largest weight; a weight ≤ 0 or NaN counts nothing, but its item stays hidden; others
 * outside `weightRange` count as its nearest end. Works for length 0.
 *
 * Repeats are found by sorting each row (weight, then index; TopK is stable), not by a pass over the catalogue, so the
 * order of a history never changes a bit of the scores.
 *
 * @param itemIds - ids by index, as `checkItemIds` accepts them; at least one.
 */
export function encodeHistory(
  graph: GraphBuilder,
  { history, weight, exclude }: RawHistory,
  itemIds: readonly string[],
): EncodedRequest {
  const axis = graph.constant("axis", int64Tensor([1]));
  const first = graph.constant("first", int64Tensor([0], []));
  const start = graph.constant("start", int64Tensor([0]));
  const length = graph.node("Shape", [history], { name: "length", attributes: { start: 1, end: 2 } });

  // One lookup for both, so that the vocabulary is stored once.
  const ids = graph.node("Concat", [history, exclude], { name: "ids", attributes: { axis: 1 } });
  const codes = encodeIds(graph, ids, itemIds);
  const known = graph.node("GreaterOrEqual", [codes, first], { name: "known" });
  const index = graph.node("Max", [codes, first], { name: "index" });
  const ofHistory = (value: Value, name: string) =>
    graph.node("Slice", [value, start, length, axis], { name });

  const unknownCount = countUnknown(graph, ofHistory(codes, "history_codes"), axis);
  const weights = cleanWeights(graph, weight, ofHistory(known, "history_known"));
  const distinct = keepLargest(graph.scope("repeats"), ofHistory(index, "history_index"), weights, length);
  const totalWeight = graph.node("ReduceSum", [distinct.weight, axis], {
    name: "total_weight",
    attributes: { keepdims: 1 },
  });
  return { history: distinct, unknownCount, totalWeight, hidden: { index, known } };
}

function countUnknown(graph: GraphBuilder, codes: Value, axis: Value): Value {
  const unknown = graph.constant("unknown_code", int64Tensor([unknownCode], []));
  const isUnknown = graph.node("Equal", [codes, unknown], { name: "is_unknown" });
  const ones = graph.node("Cast", [isUnknown], { name: "unknown_ones", attributes: { to: "int64" } });
  return graph.node("ReduceSum", [ones, axis], { name: "unknown_count", attributes: { keepdims: 0 } });
}

/** Weights of what counts, in range; 0 elsewhere. */
function cleanWeights(graph: GraphBuilder, weight: Value, known: Value): Value {
  const scalar = (name: string, value: number) => graph.constant(name, float32Tensor([value], []));
  const none = scalar("no_weight", 0);
  const positive = graph.node("Greater", [weight, none], { name: "positive" });
  const counts = graph.node("And", [known, positive], { name: "counts" });
  const range = [scalar("min_weight", weightRange.min), scalar("max_weight", weightRange.max)];
  const clipped = graph.node("Clip", [weight, ...range], { name: "finite" });
  return graph.node("Where", [counts, clipped, none], { name: "weights" });
}

/** Sorts each row by rising index, heaviest first within an item, and clears the weight of all but the first of a run. */
function keepLargest(graph: GraphBuilder, index: Value, weight: Value, length: Value): EncodedHistory {
  const sort = (value: Value, name: string, largest: 0 | 1) =>
    graph.nodes("TopK", [value, length], 2, { name, attributes: { axis: 1, largest } }) as [Value, Value];
  const take = (value: Value, order: Value, name: string) =>
    graph.node("GatherElements", [value, order], { name, attributes: { axis: 1 } });

  const [byWeight, weightOrder] = sort(weight, "by_weight", 1);
  const [sorted, indexOrder] = sort(take(index, weightOrder, "index_by_weight"), "by_index", 0);
  const sortedWeight = take(byWeight, indexOrder, "weight_by_index");

  // A negative pad drops the last entry while the first is put in front: the row, one to the right.
  const shift = graph.constant("shift", int64Tensor([0, 1, 0, -1]));
  const noItem = graph.constant("no_item", int64Tensor([paddingCode], []));
  const previous = graph.node("Pad", [sorted, shift, noItem], { name: "previous" });
  const repeated = graph.node("Equal", [sorted, previous], { name: "repeated" });
  const none = graph.constant("no_weight", float32Tensor([0], []));
  return { index: sorted, weight: graph.node("Where", [repeated, none, sortedWeight], { name: "once" }) };
}

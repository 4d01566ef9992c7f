/** A history as it happened, for models that know order and time. */
import { float32Tensor, type GraphBuilder, int64Tensor, type Value } from "@attune/onnx";
import type { CleanHistory } from "./combine-repeats.ts";
import type { OrderedHistory } from "./fragment.ts";

/** Epoch seconds further from 1970 than this are no time: 30 million years, far inside of what float64 holds exactly. */
export const maxTimeSeconds = 1e15;

/**
 * Moves the entries that do not count to the front, puts one more of them there, and keeps the others in their order.
 *
 * @param history - `time` is float64 `[batch, length]` epoch seconds. An age is the newest time of the row's entries that
 * count minus the entry's own; an entry whose time is NaN, or beyond `maxTimeSeconds`, has age 0.
 */
export function orderHistory(
  graph: GraphBuilder,
  { index, weight, length, time }: CleanHistory & { readonly time: Value | undefined },
): OrderedHistory {
  const none = graph.constant("no_weight", float32Tensor([0], []));
  const first = graph.constant("first", int64Tensor([0], []));
  const counts = graph.node("Greater", [weight, none], { name: "counts" });
  const ones = graph.node("Cast", [counts], { name: "ones", attributes: { to: "int64" } });
  // TopK is stable: entries that count stay in their order behind the others.
  const [, order] = graph.nodes("TopK", [ones, length], 2, {
    name: "by_counting",
    attributes: { axis: 1, largest: 0 },
  }) as [Value, Value];
  const inFront = graph.constant("in_front", int64Tensor([0, 1, 0, 0]));
  // One entry more, which counts nothing: a model may ask for the newest one of an empty history too.
  const take = (value: Value, name: string) =>
    graph.node("Pad", [graph.node("GatherElements", [value, order], { attributes: { axis: 1 } }), inFront], {
      name,
    });
  const age = time && { age: take(ageOf(graph, time, counts), "age") };
  const ownIndex = graph.node("Where", [counts, index, first], { name: "own_index" });
  return { index: take(ownIndex, "index"), weight: take(weight, "weight"), ...age };
}

/** float32 `[batch, length]` seconds before the row's newest entry; subtracted in float64, where epoch seconds are exact. */
function ageOf(graph: GraphBuilder, time: Value, counts: Value): Value {
  const seconds = (name: string, value: number) =>
    graph.constant(name, { dtype: "float64", dims: [], data: Float64Array.of(value) });
  const limit = seconds("max_time", maxTimeSeconds);
  const earliest = seconds("min_time", -maxTimeSeconds);
  const isTime = graph.node("LessOrEqual", [graph.node("Abs", [time]), limit], { name: "is_time" });
  const isDated = graph.node("And", [counts, isTime], { name: "is_dated" });
  const dated = graph.node("Where", [isDated, time, earliest], { name: "dated" });
  // One column more, so that a history of length 0 has a largest time too.
  const oneMore = graph.constant("one_more", int64Tensor([0, 0, 0, 1]));
  const padded = graph.node("Pad", [dated, oneMore, earliest], { name: "padded" });
  const axis = graph.constant("axis", int64Tensor([1]));
  const newest = graph.node("ReduceMax", [padded, axis], { name: "newest", attributes: { keepdims: 1 } });
  const age = graph.node("Sub", [newest, dated], { name: "age_seconds" });
  const none = graph.constant("no_age", float32Tensor([0], []));
  const float = graph.node("Cast", [age], { name: "age_float", attributes: { to: "float32" } });
  return graph.node("Where", [isDated, float, none], { name: "age_once" });
}

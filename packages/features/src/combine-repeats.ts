/** From a history with repeats to its distinct view, by sorting each row. */
import { type DuplicateRule, weightRange } from "@attune/contracts";
import { float32Tensor, type GraphBuilder, int64Tensor, type Value } from "@attune/onnx";
import type { EncodedHistory } from "./fragment.ts";
import { paddingCode } from "./vocabulary.ts";

export interface CleanHistory {
  /** int64 `[batch, length]` item index; any valid one where the weight is 0. */
  readonly index: Value;
  /** float32 `[batch, length]` in `weightRange`, or 0 for an entry that does not count. */
  readonly weight: Value;
  /** int64 `[1]` */
  readonly length: Value;
}

/** One run: entries of the same item, side by side, the one that speaks for all of them in front. */
interface Runs {
  /** int64 `[batch, length]` item index, rising. */
  readonly index: Value;
  /** float32 `[batch, length]` */
  readonly weight: Value;
  /** bool `[batch, length]` true on all but the first entry of a run. */
  readonly repeated: Value;
}

type Combine = (graph: GraphBuilder, history: CleanHistory) => EncodedHistory;

const combiners: Readonly<Record<DuplicateRule, Combine>> = {
  highest: (graph, history) => keepFirst(graph, sortRuns(graph, history, history.weight)),
  last: (graph, history) => keepFirst(graph, sortRuns(graph, history, placesOf(graph, history))),
  // Heaviest first here too, so that float32 adds up in one order whatever the order of the history.
  sum: (graph, history) => addUp(graph, history, sortRuns(graph, history, history.weight)),
};

/** Sorts each row by rising index; of an item's entries one gets their weight by the rule, the others 0. */
export function combineRepeats(
  graph: GraphBuilder,
  history: CleanHistory,
  rule: DuplicateRule,
): EncodedHistory {
  return combiners[rule](graph, history);
}

/** float32 `[batch, length]` place from 1 of what counts, 0 of what does not. Exact up to 2²⁴ entries. */
function placesOf(graph: GraphBuilder, { weight }: CleanHistory): Value {
  const none = graph.constant("no_weight", float32Tensor([0], []));
  const counts = graph.node("Greater", [weight, none], { name: "counts" });
  const ones = graph.node("Cast", [counts], { name: "ones", attributes: { to: "float32" } });
  const axis = graph.constant("last_axis", int64Tensor([1], []));
  const places = graph.node("CumSum", [ones, axis], { name: "places" });
  return graph.node("Mul", [places, ones], { name: "place" });
}

/** By index, and within an item by falling `key`. TopK is stable: sorting twice is sorting by both. */
function sortRuns(graph: GraphBuilder, { index, weight, length }: CleanHistory, key: Value): Runs {
  const sort = (value: Value, name: string, largest: 0 | 1) =>
    graph.nodes("TopK", [value, length], 2, { name, attributes: { axis: 1, largest } }) as [Value, Value];
  const take = (value: Value, order: Value, name: string) =>
    graph.node("GatherElements", [value, order], { name, attributes: { axis: 1 } });

  const [byKey, keyOrder] = sort(key, "by_key", 1);
  const [sorted, indexOrder] = sort(take(index, keyOrder, "index_by_key"), "by_index", 0);
  const weightByKey = key === weight ? byKey : take(weight, keyOrder, "weight_by_key");

  // A negative pad drops the last entry while the first is put in front: the row, one to the right.
  const shift = graph.constant("shift", int64Tensor([0, 1, 0, -1]));
  const noItem = graph.constant("no_item", int64Tensor([paddingCode], []));
  const previous = graph.node("Pad", [sorted, shift, noItem], { name: "previous" });
  return {
    index: sorted,
    weight: take(weightByKey, indexOrder, "weight_by_index"),
    repeated: graph.node("Equal", [sorted, previous], { name: "repeated" }),
  };
}

function keepFirst(graph: GraphBuilder, { index, weight, repeated }: Runs): EncodedHistory {
  const none = graph.constant("no_weight", float32Tensor([0], []));
  return { index, weight: graph.node("Where", [repeated, none, weight], { name: "once" }) };
}

/** Each run's sum at its first entry, no larger than a weight may be. */
function addUp(
  graph: GraphBuilder,
  { weight: unsorted }: CleanHistory,
  { index, weight, repeated }: Runs,
): EncodedHistory {
  const isFirst = graph.node("Not", [repeated], { name: "is_first" });
  const firsts = graph.node("Cast", [isFirst], { name: "firsts", attributes: { to: "int64" } });
  const lastAxis = graph.constant("last_axis", int64Tensor([1], []));
  const one = graph.constant("one", int64Tensor([1], []));
  const run = graph.node("Sub", [graph.node("CumSum", [firsts, lastAxis]), one], { name: "run" });
  const zeros = graph.node("ConstantOfShape", [graph.node("Shape", [unsorted])], { name: "zeros" });
  const sums = graph.node("ScatterElements", [zeros, run, weight], {
    name: "sums",
    attributes: { axis: 1, reduction: "add" },
  });
  const max = graph.constant("max_weight", float32Tensor([weightRange.max], []));
  const own = graph.node("GatherElements", [graph.node("Min", [sums, max]), run], {
    name: "sum",
    attributes: { axis: 1 },
  });
  return keepFirst(graph, { index, weight: own, repeated });
}

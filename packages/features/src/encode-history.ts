/** The encoder of histories: raw ids, weights and times in; distinct item indexes and weights out, and the ordered view. */
import { type DuplicateRule, weightRange } from "@attune/contracts";
import { float32Tensor, type GraphBuilder, int64Tensor, type Value } from "@attune/onnx";
import { combineRepeats } from "./combine-repeats.ts";
import type { EncodedHistory, HistoryNeed, OrderedHistory } from "./fragment.ts";
import { orderHistory } from "./order-history.ts";
import { encodeIds, paddingCode, unknownCode } from "./vocabulary.ts";

/** The raw inputs of the graph. */
export interface RawHistory {
  /** string `[batch, length]` item ids in the order it happened, repeats allowed, padded with `""`. */
  readonly history: Value;
  /** float32 `[batch, length]`; an entry whose weight is not > 0 does not count. */
  readonly weight: Value;
  /** float64 `[batch, length]` epoch seconds, NaN where there is none; present when `needs` has `"time"`. */
  readonly time?: Value;
  /** string `[batch, excluded]` item ids that must not be returned, padded with `""`. */
  readonly exclude: Value;
  /** string `[batch, allowed]` the only item ids that may be returned, padded with `""`. */
  readonly allow: Value;
}

export interface HistoryRules {
  /** `[items]` ids by index, as `checkItemIds` accepts them; at least one. */
  readonly itemIds: readonly string[];
  /** What an item weighs that stands in a history several times. */
  readonly duplicates: DuplicateRule;
  /** `drop`: items of the history are hidden; `keep`: only excluded ones are. */
  readonly repeats: "drop" | "keep";
  /** What the fragment asks for besides the distinct view. Default: nothing. */
  readonly needs?: readonly HistoryNeed[];
}

/** What the ranking needs to know besides the history. */
export interface EncodedRequest {
  readonly history: EncodedHistory;
  /** Present when `needs` names order or time. */
  readonly ordered?: OrderedHistory;
  /** int64 `[batch]` history entries that are neither padding nor in the vocabulary. */
  readonly unknownCount: Value;
  /** float32 `[batch, 1]` sum of the weights; 0 when no known item counts. */
  readonly totalWeight: Value;
  /** Items that must not come back: the excluded ones and, where repeats are dropped, the history's. */
  readonly hidden: NamedItems;
  /** Items that may come back, in the rows that restrict anything. */
  readonly allowed: AllowedItems;
}

export interface NamedItems {
  /** int64 `[batch, n]` item index, 0 where `known` is false. */
  readonly index: Value;
  /** bool `[batch, n]` */
  readonly known: Value;
}

export interface AllowedItems extends NamedItems {
  /** bool `[batch, n]` true where an id stands, known or not; a row of only false restricts nothing. */
  readonly given: Value;
}

/**
 * Appends the encoder. Rules: unknown ids and padding count nothing; an item given several times counts once, with the
 * weight that `duplicates` says; a weight ≤ 0 or NaN counts nothing, but its item stays hidden; others outside
 * `weightRange` count as its nearest end. Works for length 0.
 *
 * Repeats are found by sorting each row, not by a pass over the catalogue; a row of the distinct view is rising by item
 * index. So the order of a history never changes a bit of it, except for what the rule `last` is about.
 */
export function encodeHistory(graph: GraphBuilder, raw: RawHistory, rules: HistoryRules): EncodedRequest {
  const { duplicates, repeats, needs = [] } = rules;
  const axis = graph.constant("axis", int64Tensor([1]));
  const first = graph.constant("first", int64Tensor([0], []));

  // One lookup for all, so that the vocabulary is stored once.
  const ids = graph.node("Concat", [raw.history, raw.exclude, raw.allow], {
    name: "ids",
    attributes: { axis: 1 },
  });
  const codes = encodeIds(graph, ids, rules.itemIds);
  const known = graph.node("GreaterOrEqual", [codes, first], { name: "known" });
  const index = graph.node("Max", [codes, first], { name: "index" });

  const { length, ofHistory, ofHidden, ofAllowed } = partsOf(graph, raw, repeats);
  const historyIndex = ofHistory(index, "history_index");
  const weight = cleanWeights(graph, raw.weight, ofHistory(known, "history_known"));
  const history = combineRepeats(graph.scope("repeats"), { index: historyIndex, weight, length }, duplicates);
  const ordered = needs.length > 0 && {
    ordered: orderHistory(graph.scope("order"), {
      index: historyIndex,
      weight,
      length,
      time: needs.includes("time") ? raw.time : undefined,
    }),
  };
  const totalWeight = graph.node("ReduceSum", [history.weight, axis], {
    name: "total_weight",
    attributes: { keepdims: 1 },
  });
  const allowCodes = ofAllowed(codes, "allow_codes");
  const padding = graph.constant("padding_code", int64Tensor([paddingCode], []));
  return {
    history,
    ...ordered,
    unknownCount: countUnknown(graph, ofHistory(codes, "history_codes"), axis),
    totalWeight,
    hidden: { index: ofHidden(index, "hidden_index"), known: ofHidden(known, "hidden_known") },
    allowed: {
      index: ofAllowed(index, "allow_index"),
      known: ofAllowed(known, "allow_known"),
      given: graph.node("Greater", [allowCodes, padding], { name: "allow_given" }),
    },
  };
}

/** Cuts `[batch, length + excluded + allowed]` into what is of the history, hidden, and allowed. */
function partsOf(graph: GraphBuilder, { history, exclude }: RawHistory, repeats: "drop" | "keep") {
  const axis = graph.constant("axis", int64Tensor([1]));
  const start = graph.constant("start", int64Tensor([0]));
  const end = graph.constant("end", int64Tensor([Number.MAX_SAFE_INTEGER]));
  const widthOf = (value: Value, name: string) =>
    graph.node("Shape", [value], { name, attributes: { start: 1, end: 2 } });
  const length = widthOf(history, "length");
  const hiddenEnd = graph.node("Add", [length, widthOf(exclude, "excluded")], { name: "hidden_end" });
  const hiddenStart = repeats === "drop" ? start : length;
  const cut = (from: Value, to: Value) => (value: Value, name: string) =>
    graph.node("Slice", [value, from, to, axis], { name });
  return {
    length,
    ofHistory: cut(start, length),
    ofHidden: cut(hiddenStart, hiddenEnd),
    ofAllowed: cut(hiddenEnd, end),
  };
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

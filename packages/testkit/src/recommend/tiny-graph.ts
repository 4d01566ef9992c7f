/** The tiny recommender as an ONNX file: the recommend signature with one MatMul as its model. */
import type { Tensor } from "@attune/contracts";
import { addContext, contextConstants } from "../columns/context-graph.ts";
import { type AddNode, collectNodes } from "../graph-nodes.ts";
import { encodeOnnx } from "../onnx-bytes.ts";
import { float32, float64, int64, strings } from "../tensors.ts";
import { recommendInputs, recommendOutputs, secondsPerDay } from "./signature.ts";
import type { TinyCatalogue } from "./tiny-reference.ts";

/** Adds `aged_weight` `[batch, length]`: a weight divided by one plus its age in days, where there are times. */
function addAges(node: AddNode): void {
  node("time_is_missing", "IsNaN", "history_time");
  node("is_untimed", "Or", "time_is_missing is_unknown");
  node("time_or_lowest", "Where", "is_untimed lowest_time history_time");
  node("column_shape", "Concat", "batch axis_one", { axis: 0 });
  node("lowest_column", "Expand", "lowest_time column_shape");
  // So that there is something to reduce when the history is empty.
  node("times_and_one", "Concat", "time_or_lowest lowest_column", { axis: 1 });
  node("newest", "ReduceMax", "times_and_one axis_one", { keepdims: 1 });
  node("time_difference", "Sub", "newest history_time");
  node("age_seconds", "Where", "is_untimed no_time time_difference");
  node("age_days", "Div", "age_seconds day");
  node("age_days_32", "Cast", "age_days", { to: 1 });
  node("age_divisor", "Add", "age_days_32 one");
  node("aged_weight", "Div", "history_weight age_divisor");
}

/** The file's bytes. The last column of every `[batch, items + 1]` value collects unknown ids and padding. */
export function encodeTinyModel({ ids, weights, popularity, contextWeights }: TinyCatalogue): Uint8Array {
  const size = ids.length;
  const { nodes, node } = collectNodes();
  const vocabulary = {
    keys_tensor: strings(ids),
    values_tensor: int64(ids.map((_, index) => BigInt(index))),
    default_tensor: int64([BigInt(size)]),
  };

  node("batch", "Shape", "history", { start: 0, end: 1 });
  node("wide", "Concat", "batch size_plus_one", { axis: 0 });
  node("zeros", "Expand", "zero wide");

  node("index", "LabelEncoder", "history", vocabulary);
  node("is_unknown", "Equal", "index size");
  if (contextWeights === undefined) node("aged_weight", "Identity", "history_weight");
  else addAges(node);
  node("weight_wide", "ScatterElements", "zeros index aged_weight", { axis: 1, reduction: "max" });
  node("weight", "Slice", "weight_wide from to axis_one");
  node("seen", "Greater", "weight zero");

  node("is_padding", "Equal", "history empty_text");
  node("is_filled", "Not", "is_padding");
  node("is_stranger", "And", "is_unknown is_filled");
  node("stranger_count", "Cast", "is_stranger", { to: 7 });
  node("unknown", "ReduceSum", "stranger_count axis_one", { keepdims: 0 });

  node("exclude_index", "LabelEncoder", "exclude", vocabulary);
  node("exclude_shape", "Shape", "exclude");
  node("exclude_ones", "Expand", "one exclude_shape");
  node("exclude_wide", "ScatterElements", "zeros exclude_index exclude_ones", { axis: 1 });
  node("exclude_weight", "Slice", "exclude_wide from to axis_one");
  node("excluded", "Greater", "exclude_weight zero");

  node("allow_index", "LabelEncoder", "allow", vocabulary);
  node("allow_shape", "Shape", "allow");
  node("allow_ones", "Expand", "one allow_shape");
  node("allow_wide", "ScatterElements", "zeros allow_index allow_ones", { axis: 1 });
  node("allow_weight", "Slice", "allow_wide from to axis_one");
  node("is_left_out", "Equal", "allow_weight zero");
  node("is_no_id", "Equal", "allow empty_text");
  node("is_id", "Not", "is_no_id");
  node("id_flag", "Cast", "is_id", { to: 7 });
  node("id_count", "ReduceSum", "id_flag axis_one", { keepdims: 1 });
  node("is_restricted", "Greater", "id_count no_ids");
  node("forbidden", "And", "is_restricted is_left_out");

  node("history_scores", "MatMul", "weight weights");
  if (contextWeights === undefined) node("model_scores", "Identity", "history_scores");
  else {
    addContext(node);
    node("context_scores", "Mul", "context context_weights");
    node("model_scores", "Add", "history_scores context_scores");
  }
  node("largest", "ReduceMax", "weight axis_one", { keepdims: 1 });
  node("is_known", "Greater", "largest zero");
  node("raw_scores", "Where", "is_known model_scores popularity");
  node("source_column", "Where", "is_known model_text fallback_text");
  node("source", "Squeeze", "source_column axis_one");

  node("seen_or_excluded", "Or", "seen excluded");
  node("hidden", "Or", "seen_or_excluded forbidden");
  node("masked", "Where", "hidden lowest raw_scores");
  node("found", "Min", "k size_list");
  node("top_scores top_index", "TopK", "masked found");
  node("top_ids", "Gather", "ids top_index");
  node("is_real", "Greater", "top_scores lowest");
  node("real_ids", "Where", "is_real top_ids empty_text");
  node("real_scores", "Where", "is_real top_scores not_a_number");

  node("rest", "Sub", "k found");
  node("rest_shape", "Concat", "batch rest", { axis: 0 });
  node("rest_ids", "Expand", "empty_text rest_shape");
  node("rest_scores", "Expand", "not_a_number rest_shape");
  node("items", "Concat", "real_ids rest_ids", { axis: 1 });
  node("scores", "Concat", "real_scores rest_scores", { axis: 1 });

  const constants: Record<string, Tensor> = {
    size: int64([BigInt(size)], []),
    size_list: int64([BigInt(size)]),
    size_plus_one: int64([BigInt(size + 1)]),
    from: int64([0n]),
    to: int64([BigInt(size)]),
    axis_one: int64([1n]),
    no_ids: int64([0n], []),
    zero: float32([0], []),
    one: float32([1], []),
    lowest: float32([Number.NEGATIVE_INFINITY], []),
    not_a_number: float32([Number.NaN], []),
    empty_text: strings([""], []),
    model_text: strings(["model"], []),
    fallback_text: strings(["fallback"], []),
    ids: strings(ids),
    weights: { dtype: "float32", dims: [size, size], data: weights },
    popularity: { dtype: "float32", dims: [1, size], data: popularity },
    ...(contextWeights !== undefined && {
      ...contextConstants,
      context_weights: { dtype: "float32", dims: [1, size], data: contextWeights } as const,
      lowest_time: float64([Number.NEGATIVE_INFINITY], []),
      no_time: float64([0], []),
      day: float64([secondsPerDay], []),
    }),
  };
  const inputs = recommendInputs(contextWeights !== undefined);
  return encodeOnnx({ inputs, outputs: recommendOutputs, nodes, constants });
}

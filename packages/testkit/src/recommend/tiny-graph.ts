/** The tiny recommender as an ONNX file: the recommend signature with one MatMul as its model. */
import type { Tensor } from "@attune/contracts";
import { encodeOnnx, type RawAttribute, type RawNode } from "../onnx-bytes.ts";
import { float32, int64, strings } from "../tensors.ts";
import { recommendInputs, recommendOutputs, type TinyCatalogue } from "./tiny-reference.ts";

/** Nodes by their output, so that the graph below reads like formulas. */
function collectNodes() {
  const nodes: RawNode[] = [];
  function node(
    output: string,
    op: string,
    inputs: string,
    attributes: Record<string, RawAttribute> = {},
  ): void {
    const domain = op === "LabelEncoder" ? "ai.onnx.ml" : "";
    nodes.push({ op, inputs: inputs.split(" "), outputs: output.split(" "), attributes, domain });
  }
  return { nodes, node };
}

/** The file's bytes. The last column of every `[batch, items + 1]` value collects unknown ids and padding. */
export function encodeTinyModel({ ids, weights, popularity }: TinyCatalogue): Uint8Array {
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
  node("weight_wide", "ScatterElements", "zeros index history_weight", { axis: 1, reduction: "max" });
  node("weight", "Slice", "weight_wide from to axis_one");
  node("seen", "Greater", "weight zero");

  node("is_unknown", "Equal", "index size");
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

  node("model_scores", "MatMul", "weight weights");
  node("largest", "ReduceMax", "weight axis_one", { keepdims: 1 });
  node("is_known", "Greater", "largest zero");
  node("raw_scores", "Where", "is_known model_scores popularity");
  node("source_column", "Where", "is_known model_text fallback_text");
  node("source", "Squeeze", "source_column axis_one");

  node("hidden", "Or", "seen excluded");
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
  };
  return encodeOnnx({ inputs: recommendInputs, outputs: recommendOutputs, nodes, constants });
}

// What the ops of neural models know of symbolic shapes, and what they refuse before the engine would.
import { type AttuneError, type Dim, isAttuneError } from "@attune/contracts";
import { describe, expect, test } from "vitest";
import type { AttributeInput, GraphBuilder } from "../../builder.ts";
import { createGraph } from "../../create-graph.ts";
import type { Value } from "../../model.ts";
import { float32Tensor, int64Tensor } from "../../tensor.ts";

type Attributes = Readonly<Record<string, AttributeInput>>;

function zeros(graph: GraphBuilder, dims: readonly number[]): Value {
  return graph.constant("w", float32Tensor(new Float32Array(dims.reduce((a, b) => a * b, 1)), dims));
}

/** The op on an input of these dims and on constants of zeros. */
function apply(
  op: string,
  dims: readonly Dim[],
  others: readonly number[][],
  attributes: Attributes,
  opset = 21,
) {
  const graph = createGraph({ opset });
  const inputs = [graph.input("x", "float32", dims), ...others.map((other) => zeros(graph, other))];
  return graph.node(op, inputs, { attributes }).dims;
}

test.each<[string, string, Dim[], number[][], Attributes, Dim[]]>([
  [
    "keeps a size that padding makes up for",
    "Conv",
    ["n", 2, "h", "w"],
    [[4, 2, 3, 3]],
    { pads: [1, 1, 1, 1] },
    ["n", 4, "h", "w"],
  ],
  ["keeps a size with SAME", "Conv", ["n", 2, "t"], [[4, 2, 3]], { auto_pad: "SAME_UPPER" }, ["n", 4, "t"]],
  ["does not know a size it cuts", "Conv", ["n", 2, "t"], [[4, 2, 3]], {}, ["n", 4, undefined]],
  [
    "multiplies nothing it does not know",
    "ConvTranspose",
    ["n", 2, "t"],
    [[2, 4, 3]],
    { strides: [2] },
    ["n", 4, undefined],
  ],
  [
    "keeps a size it only crops back",
    "ConvTranspose",
    ["n", 2, "t"],
    [[2, 4, 3]],
    { pads: [1, 1] },
    ["n", 4, "t"],
  ],
  [
    "knows nothing of a strided symbol",
    "MaxPool",
    ["n", 2, "h", 8],
    [],
    { kernel_shape: [2, 2], strides: [2, 2] },
    ["n", 2, undefined, 4],
  ],
  ["leaves one", "GlobalAveragePool", ["n", "c", "h", "w"], [], {}, ["n", "c", 1, 1]],
  ["keeps the shape", "LayerNormalization", ["n", "t", 8], [[8]], {}, ["n", "t", 8]],
  [
    "puts length first",
    "LSTM",
    ["t", "n", 3],
    [
      [2, 20, 3],
      [2, 20, 5],
    ],
    { hidden_size: 5, direction: "bidirectional" },
    ["t", 2, "n", 5],
  ],
  ["joins named axes", "Einsum", ["n", "t", 4], [[4, 3]], { equation: "ntd,dk->nkt" }, ["n", 3, "t"]],
  [
    "broadcasts what dots stand for",
    "Einsum",
    ["n", "t", 4],
    [[1, 4]],
    { equation: "...d,...d->..." },
    ["n", "t"],
  ],
  ["multiplies known channels", "SpaceToDepth", ["n", 3, 4, 6], [], { blocksize: 2 }, ["n", 12, 2, 3]],
])("%s: %s", (_, op, dims, others, attributes, expected) => {
  expect(apply(op, dims, others, attributes)).toEqual(expected);
});

describe("Resize", () => {
  function resize(
    dims: readonly Dim[],
    scales: number[] | undefined,
    sizes: Dim[] | undefined,
    attributes: Attributes,
  ) {
    const graph = createGraph();
    const x = graph.input("x", "float32", dims);
    const inputs = [x, undefined, scales && graph.constant("scales", float32Tensor(scales))];
    if (sizes !== undefined) {
      const known = sizes.filter((size) => typeof size === "number");
      const given = graph.constant("sizes", int64Tensor(known));
      const shape = graph.node("Shape", [x], { attributes: { end: sizes.length - known.length } });
      inputs.push(graph.node("Concat", [shape, given], { attributes: { axis: 0 } }));
    }
    return graph.node("Resize", inputs, { attributes }).dims;
  }

  test("takes symbols from sizes, and keeps them where the scale is 1", () => {
    expect(resize(["n", "c", 4, 4], undefined, ["n", "c", 8, 6], {})).toEqual(["n", "c", 8, 6]);
    expect(resize(["n", 3, 4, 5], [1, 1, 2, 1.5], undefined, { mode: "linear" })).toEqual(["n", 3, 8, 7]);
    expect(resize(["n", 3, "h", 4], [2, 2], undefined, { axes: [2, 3] })).toEqual(["n", 3, undefined, 8]);
  });

  test.each<[number[] | undefined, Dim[] | undefined, Attributes, string]>([
    [undefined, undefined, {}, "wants either the input scales or the input sizes"],
    [[1, 2], undefined, {}, "scales has 2 elements for 4 axes"],
    [[1, 1, 2, 2], undefined, { antialias: 1 }, "antialias goes with linear and cubic only"],
    [
      [2, 1, 2, 1],
      undefined,
      { mode: "cubic" },
      "mode cubic resizes the last axes of an image only, not [2, 3, 4, 5] to [4, 3, 8, 5]",
    ],
    [
      undefined,
      [8, 8],
      { axes: [-2, -1], keep_aspect_ratio_policy: "not_larger" },
      "keep_aspect_ratio_policy wants axes ≥ 0",
    ],
  ])("with scales %j, sizes %j and %j", (scales, sizes, attributes, issue) => {
    expect(() => resize([2, 3, 4, 5], scales, sizes, attributes)).toThrow(issue);
  });
});

test.each<[string, Dim[], number[][], Attributes, string, number?]>([
  ["Conv", [1, 2, 5], [[4, 3, 3]], {}, "X has 2 channels, W takes 3"],
  ["Conv", [1, 2, 5], [[4, 2, 3, 3]], {}, "W [4, 2, 3, 3] must have 3 axes, as X has"],
  ["Conv", [1, 2, 2], [[4, 2, 3]], {}, "a window of 3 does not fit into 2 with padding 0"],
  ["Conv", [1, 2, 5], [[4, 2, 3], [3]], {}, "B: [3] is not [4]"],
  ["Conv", [1, 2, 5], [[4, 2, 3]], { kernel_shape: [2] }, "kernel_shape and W differ: [3] is not [2]"],
  ["Conv", [1, 2, 5], [[3, 1, 3]], { group: 2 }, "group 2 does not divide 3 channels"],
  ["Conv", [1, 2, 5], [[4, 2, 3]], { strides: [0] }, "strides [0] must be 1 integers ≥ 1"],
  [
    "Conv",
    [1, 2, 5],
    [[4, 2, 3]],
    { auto_pad: "SAME_UPPER", dilations: [2] },
    "dilations other than 1 do not go with auto_pad SAME; give pads",
  ],
  ["Conv", [1, 2], [[4, 2]], {}, "X has 2 axes, not batch, channels and one to three more"],
  [
    "ConvTranspose",
    [1, 2, 5],
    [[2, 4, 3]],
    { output_padding: [1] },
    "output_padding 1 must be less than the stride 1",
  ],
  ["ConvTranspose", [1, 2, 1], [[2, 4, 3]], { pads: [2, 1] }, "pads 2 and 1 leave nothing of the output"],
  [
    "MaxPool",
    [1, 2, 5],
    [],
    { kernel_shape: [2], pads: [2, 0] },
    "pads 2 and 0 must be less than the window of 2",
  ],
  [
    "MaxPool",
    [1, 2, 7],
    [],
    { kernel_shape: [3], strides: [3], pads: [2, 2], ceil_mode: 1 },
    "ceil_mode would start a last window in the padding behind the axis",
  ],
  [
    "MaxPool",
    [1, 2, 7],
    [],
    { kernel_shape: [3], auto_pad: "SAME_UPPER", ceil_mode: 1 },
    "ceil_mode does not go with auto_pad SAME",
  ],
  [
    "ConvTranspose",
    [1, 2, 5],
    [[2, 4, 3]],
    { strides: [2], auto_pad: "SAME_UPPER", output_padding: [1] },
    "output_padding does not go with auto_pad SAME",
  ],
  [
    "AveragePool",
    [1, 2, 5],
    [],
    { kernel_shape: [1], strides: [2], auto_pad: "SAME_UPPER" },
    "auto_pad SAME with a stride beyond the window wants opset 19; give pads",
    18,
  ],
  ["LayerNormalization", [2, 8], [[4]], {}, "Scale [4] does not broadcast to [8]"],
  ["GroupNormalization", [2, 3, 4], [[3], [3]], { num_groups: 2 }, "num_groups 2 does not divide 3 channels"],
  ["LRN", [1, 2, 3, 4], [], { size: 2 }, "size must be odd and positive, not 2"],
  [
    "GRU",
    [4, 1, 3],
    [
      [1, 15, 3],
      [1, 15, 5],
    ],
    { hidden_size: 5, layout: 1 },
    "layout must be 0",
  ],
  [
    "GRU",
    [4, 1, 3],
    [
      [1, 15, 2],
      [1, 15, 5],
    ],
    { hidden_size: 5 },
    "X: [4, 1, 3] is not [4, 1, 2]",
  ],
  [
    "GRU",
    [4, 1, 3],
    [
      [1, 20, 3],
      [1, 15, 5],
    ],
    { hidden_size: 5 },
    "W: [1, 20, 3] is not [1, 15, 3]",
  ],
  [
    "RNN",
    [4, 1, 3],
    [
      [1, 5, 3],
      [1, 5, 5],
    ],
    { hidden_size: 5, activations: ["Gelu"] },
    "activations Gelu are not among",
  ],
  ["Einsum", [2, 3], [], { equation: "ij,jk" }, 'equation "ij,jk" has 2 terms for 1 inputs'],
  ["Einsum", [2, 3], [], { equation: "i j->ikl" }, 'equation "i j->ikl" is not of the form'],
  ["Einsum", [2, 3], [[4, 2]], { equation: "ij,jk->ik" }, "axis j is both 3 and 4"],
  ["Einsum", [2, 3], [], { equation: "ijk" }, "input 0 [2, 3] does not have the axes ijk"],
  ["DepthToSpace", [1, 6, 2, 2], [], { blocksize: 2 }, "blocksize 2 does not divide channels 6"],
  ["Det", [2, 3], [], {}, "X [2, 3] does not end in a square matrix"],
])("%s of %j and %j with %j is refused", (op, dims, others, attributes, issue, opset) => {
  try {
    apply(op, dims, others, attributes, opset);
  } catch (error) {
    if (!isAttuneError(error, "ONNX_BUILD")) throw error;
    expect((error as AttuneError<"ONNX_BUILD">).details.issues).toContainEqual(
      expect.stringContaining(issue),
    );
    return;
  }
  throw new Error("nothing was thrown");
});

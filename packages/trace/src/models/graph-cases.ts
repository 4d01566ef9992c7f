/** GraphModels as data: what the converter makes of common models, a few nodes each. */
import { attr, type GraphDef, type NodeDef, placeholder } from "../fixtures/graph-model.ts";
import type { PlainTensor } from "../fixtures/plain-tensor.ts";
import type { Fill } from "../kernels/cases/kernel-case.ts";

export interface GraphCase {
  readonly name: string;
  readonly graph: GraphDef;
  /** How inputs are drawn, by node. Default `[-2, 2)`. */
  readonly fills?: Readonly<Record<string, Fill>>;
}

const type = { T: attr.type("float32") };

function node(name: string, op: string, input: readonly string[], attributes: NodeDef["attr"] = {}): NodeDef {
  return { name, op, input, attr: { ...type, ...attributes } };
}

/** A constant whose values are the formula sin(1 + 2 i). */
function wave(...dims: number[]): PlainTensor {
  const count = dims.reduce((product, dim) => product * dim, 1);
  return { dtype: "float32", dims, data: Array.from({ length: count }, (_, at) => Math.sin(1 + 2 * at)) };
}

function ints(dims: readonly number[], ...data: number[]): PlainTensor {
  return { dtype: "int32", dims, data };
}

const list = (...data: number[]) => ints([data.length], ...data);
const scalar = (value: number) => ints([], value);

const dense: GraphDef = {
  nodes: [
    placeholder("x", "float32", [-1, 3]),
    node("model/dense/MatMul", "MatMul", ["x", "model/dense/kernel"]),
    node("model/dense/BiasAdd", "BiasAdd", ["model/dense/MatMul", "model/dense/bias"]),
    node("model/dense/Relu", "Relu", ["model/dense/BiasAdd"]),
    node("Identity", "Softmax", ["model/dense/Relu"]),
  ],
  weights: { "model/dense/kernel": wave(3, 4), "model/dense/bias": wave(4) },
  signature: { inputs: { features: "x" }, outputs: { scores: "Identity" } },
};

const image: GraphDef = {
  nodes: [
    placeholder("image", "float32", [-1, 6, 6, 2]),
    node("conv", "_FusedConv2D", ["image", "kernel", "bias"], {
      strides: attr.ints([1, 2, 2, 1]),
      padding: attr.text("SAME"),
      data_format: attr.text("NHWC"),
      fused_ops: attr.texts(["BiasAdd", "Relu"]),
      num_args: attr.int(1),
    }),
    node("pool", "MaxPool", ["conv"], {
      ksize: attr.ints([1, 2, 2, 1]),
      strides: attr.ints([1, 1, 1, 1]),
      padding: attr.text("VALID"),
    }),
    node("padded", "PadV2", ["pool", "pads", "zero"]),
    node("mean", "Mean", ["padded", "axes"], { keep_dims: attr.bool(false) }),
  ],
  weights: {
    kernel: wave(3, 3, 2, 3),
    bias: wave(3),
    pads: ints([4, 2], 0, 0, 1, 0, 0, 1, 0, 0),
    zero: { dtype: "float32", dims: [], data: [0.5] },
    axes: list(1, 2),
  },
};

/** reshape(x, [shape(x)[0], 6]), as Keras's Flatten and Reshape come out of the converter. */
const computedShape: GraphDef = {
  nodes: [
    placeholder("x", "float32", [-1, 2, 3]),
    node("shape", "Shape", ["x"]),
    node("batch", "StridedSlice", ["shape", "zero", "one", "one"], {
      shrink_axis_mask: attr.int(1),
      begin_mask: attr.int(0),
      end_mask: attr.int(0),
    }),
    node("target", "Pack", ["batch", "six"], { axis: attr.int(0) }),
    node("flat", "Reshape", ["x", "target"]),
  ],
  weights: { zero: list(0), one: list(1), six: scalar(6) },
};

const split: GraphDef = {
  nodes: [
    placeholder("x", "float32", [-1, 4]),
    node("split", "Split", ["axis", "x"], { num_split: attr.int(2) }),
    node("product", "Mul", ["split", "split:1"]),
    node("best", "TopKV2", ["x", "two"], { sorted: attr.bool(true) }),
    node("picked", "Cast", ["best:1"], { SrcT: attr.type("int32"), DstT: attr.type("float32") }),
    node("both", "ConcatV2", ["product", "picked", "axis"], { N: attr.int(2) }),
  ],
  weights: { axis: scalar(1), two: scalar(2) },
  signature: { inputs: { x: "x" }, outputs: { both: "both", product: "product" } },
};

const lookup: GraphDef = {
  nodes: [
    placeholder("ids", "int32", [-1, -1]),
    placeholder("keep", "bool", [-1, -1]),
    node("rows", "GatherV2", ["table", "ids", "zero"]),
    node("kept", "ExpandDims", ["keep", "last"]),
    node("weights", "Cast", ["kept"], { SrcT: attr.type("bool"), DstT: attr.type("float32") }),
    node("masked", "Mul", ["rows", "weights"]),
    node("sum", "Sum", ["masked", "one"], { keep_dims: attr.bool(false) }),
  ],
  weights: { table: wave(5, 3), zero: scalar(0), one: scalar(1), last: scalar(-1) },
};

const attention: GraphDef = {
  nodes: [
    placeholder("q", "float32", [-1, 4, 3]),
    node("scores", "BatchMatMulV2", ["q", "q"], { adj_x: attr.bool(false), adj_y: attr.bool(true) }),
    node("softmax", "Softmax", ["scores"]),
    node("mixed", "Einsum", ["softmax", "q"], { equation: attr.text("bij,bjk->bik"), N: attr.int(2) }),
    node("turned", "Transpose", ["mixed", "perm"]),
    node("normed", "FusedBatchNormV3", ["cube", "scale", "offset", "mean", "variance"], {
      epsilon: attr.float(0.001),
      is_training: attr.bool(false),
    }),
    node("cube", "ExpandDims", ["turned", "one"]),
  ],
  weights: {
    perm: list(0, 2, 1),
    one: scalar(1),
    scale: wave(4),
    offset: wave(4),
    mean: wave(4),
    variance: { dtype: "float32", dims: [4], data: [0.5, 1, 1.5, 2] },
  },
};

export const graphCases: readonly GraphCase[] = [
  { name: "dense, with a signature", graph: dense },
  { name: "convolution, pooling, padding", graph: image },
  { name: "a shape computed from the batch", graph: computedShape },
  { name: "nodes of several outputs", graph: split },
  {
    name: "ids and flags of free sizes",
    graph: lookup,
    fills: { ids: { low: 0, high: 5 }, keep: { low: 0, high: 1 } },
  },
  { name: "attention and normalization", graph: attention },
];

/** Activation functions and their gradients. */
import * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { defineKernel, floats, type Kernel, numbers } from "./define.ts";
import { floatFunction, numberFunction } from "./float-function.ts";

type Unary = { x: tf.TensorInfo };

const { SELU_SCALE, SELU_SCALEALPHA } = tf.backend_util;

/** Below it, log(1 + e^x) is e^x to float32. Above it, tfjs and this form agree. */
const softplusThreshold = Math.log(2 ** -23) + 2;

/** max(x, 0) + log(1 + e^−|x|), which overflows nowhere. ONNX Runtime's Softplus takes several times as long. */
function softplus(x: TracedValue, graph: KernelGraph): TracedValue {
  const small = graph.node("Exp", [graph.node("Neg", [graph.node("Abs", [x])])]);
  const log = graph.node("Log", [graph.node("Add", [small, graph.scalar(1)])]);
  const sum = graph.node("Add", [graph.node("Relu", [x]), log]);
  return graph.node("Where", [graph.node("Less", [x, graph.scalar(softplusThreshold)]), small, sum]);
}

export const activationKernels: readonly Kernel[] = [
  defineKernel<Unary>({
    kernel: "Relu",
    emits: ["Relu"],
    dtypes: numbers,
    shapes: "x",
    trace: ({ inputs: { x }, graph }) => graph.node("Relu", [x]),
  }),
  defineKernel<Unary>({
    kernel: "Relu6",
    emits: ["Clip"],
    dtypes: numbers,
    shapes: "x",
    trace: ({ inputs: { x }, graph }) =>
      graph.node("Clip", [x, graph.scalar(0, x.dtype), graph.scalar(6, x.dtype)]),
  }),
  floatFunction("Elu", ["Elu"]),
  defineKernel<{ dy: tf.TensorInfo; y: tf.TensorInfo }>({
    kernel: "EluGrad",
    emits: ["Min", "Add", "Mul"],
    dtypes: floats,
    shapes: "dy, y of one shape",
    /** dy where y ≥ 0, dy · (y + 1) below. */
    trace({ inputs: { dy, y }, graph }) {
      const slope = graph.node("Add", [graph.node("Min", [y, graph.scalar(0)]), graph.scalar(1)]);
      return graph.node("Mul", [dy, slope]);
    },
  }),
  numberFunction("Selu", ["Selu"], (x, graph) =>
    graph.node("Selu", [x], { alpha: SELU_SCALEALPHA / SELU_SCALE, gamma: SELU_SCALE }),
  ),
  {
    ...floatFunction("Sigmoid", ["Sigmoid"]),
    note: "Right to 1e-7; below −18 it is 0, except where the graph takes its logarithm or divides by it.",
  },
  numberFunction("Softplus", ["Abs", "Neg", "Exp", "Add", "Log", "Relu", "Less", "Where"], softplus),
  defineKernel<Unary, { alpha: number }>({
    kernel: "LeakyRelu",
    emits: ["LeakyRelu", "Cast"],
    dtypes: numbers,
    shapes: "x",
    trace: ({ inputs: { x }, attrs: { alpha }, graph }) =>
      graph.node("LeakyRelu", [graph.cast(x, "float32")], { alpha }),
  }),
  defineKernel<{ x: tf.TensorInfo; alpha: tf.TensorInfo }>({
    kernel: "Prelu",
    emits: ["PRelu", "Expand", "Cast"],
    dtypes: numbers,
    shapes: "x, alpha broadcast",
    trace({ inputs: { x, alpha }, graph }) {
      const dims = tf.broadcast_util.assertAndGetBroadcastShape([...x.dims], [...alpha.dims]);
      const values = graph.expand(graph.cast(x, "float32"), dims);
      return graph.node("PRelu", [values, graph.cast(alpha, "float32")]);
    },
  }),
  defineKernel<{ logits: tf.TensorInfo }, { dim: number }>({
    kernel: "Softmax",
    emits: ["Softmax"],
    dtypes: floats,
    shapes: "[..., classes], over the last axis",
    trace: ({ inputs: { logits }, graph }) => graph.node("Softmax", [logits]),
  }),
  defineKernel<Unary, { alpha: number }>({
    kernel: "Step",
    emits: ["Greater", "Cast", "Where"],
    dtypes: numbers,
    shapes: "x",
    note: "A NaN counts as no more than 0.",
    trace({ inputs: { x }, attrs: { alpha }, graph }) {
      const isPositive = graph.node("Greater", [x, graph.scalar(0, x.dtype)]);
      if (alpha === 0) return graph.cast(isPositive, x.dtype);
      return graph.node("Where", [isPositive, graph.scalar(1, x.dtype), graph.scalar(alpha, x.dtype)]);
    },
  }),
];

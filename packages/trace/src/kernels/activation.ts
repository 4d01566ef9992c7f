/** Activation functions and their gradients. */
import * as tf from "@tensorflow/tfjs-core";
import { defineKernel, floats, type Kernel, numbers } from "./define.ts";
import { floatFunction } from "./float-function.ts";

type Unary = { x: tf.TensorInfo };

const { SELU_SCALE, SELU_SCALEALPHA } = tf.backend_util;

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
  floatFunction("Selu", ["Selu"], (x, graph) =>
    graph.node("Selu", [x], { alpha: SELU_SCALEALPHA / SELU_SCALE, gamma: SELU_SCALE }),
  ),
  floatFunction("Sigmoid", ["Sigmoid"]),
  floatFunction("Softplus", ["Softplus"]),
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
    emits: ["PRelu", "Cast"],
    dtypes: numbers,
    shapes: "x, alpha that broadcasts to x",
    trace: ({ inputs: { x, alpha }, graph }) =>
      graph.node("PRelu", [graph.cast(x, "float32"), graph.cast(alpha, "float32")]),
  }),
  defineKernel<{ logits: tf.TensorInfo }, { dim: number }>({
    kernel: "Softmax",
    emits: ["Softmax", "Cast"],
    dtypes: numbers,
    shapes: "[..., classes], over the last axis",
    trace: ({ inputs: { logits }, graph }) => graph.node("Softmax", [graph.cast(logits, "float32")]),
  }),
  defineKernel<Unary, { alpha: number }>({
    kernel: "Step",
    emits: ["Greater", "Cast", "Where"],
    dtypes: numbers,
    shapes: "x",
    note: "a NaN counts as no more than 0",
    trace({ inputs: { x }, attrs: { alpha }, graph }) {
      const isPositive = graph.node("Greater", [x, graph.scalar(0, x.dtype)]);
      if (alpha === 0) return graph.cast(isPositive, x.dtype);
      return graph.node("Where", [isPositive, graph.scalar(1, x.dtype), graph.scalar(alpha, x.dtype)]);
    },
  }),
];

/** Matrix products. */
import * as tf from "@tensorflow/tfjs-core";
import { anyDtype, defineKernel, floats, type Kernel, numbers } from "./define.ts";
import { activationOps, applyActivation, type FusedActivation } from "./fused-activation.ts";
import { multiply, productOps, type Transposes } from "./product.ts";

export const matrixKernels: readonly Kernel[] = [
  defineKernel<{ a: tf.TensorInfo; b: tf.TensorInfo }, Transposes>({
    kernel: "BatchMatMul",
    emits: productOps,
    dtypes: numbers,
    shapes: "[..., m, k] × [..., k, n] → [..., m, n]; batch dims broadcast",
    trace: ({ inputs: { a, b }, attrs, graph }) => multiply(graph, [a, b], attrs),
  }),
  defineKernel<
    { a: tf.TensorInfo; b: tf.TensorInfo; bias?: tf.TensorInfo; preluActivationWeights?: tf.TensorInfo },
    Transposes & FusedActivation
  >({
    kernel: "_FusedMatMul",
    emits: [...productOps, "Add", ...activationOps],
    dtypes: floats,
    shapes: "[..., m, k] × [..., k, n] + bias → [..., m, n]",
    trace({ inputs: { a, b, bias, preluActivationWeights }, attrs, graph }) {
      const product = multiply(graph, [a, b], attrs, bias);
      return applyActivation(graph, product, attrs, preluActivationWeights);
    },
  }),
  defineKernel<{ x: tf.TensorInfo }>({
    kernel: "Diag",
    emits: ["Equal", "Where", "And", "Reshape"],
    dtypes: anyDtype,
    shapes: "x [...] → [..., ...]",
    trace({ inputs: { x }, graph }) {
      const size = tf.util.sizeFromShape([...x.dims]);
      const places = graph.ints(Array.from({ length: size }, (_, at) => at));
      const isDiagonal = graph.node("Equal", [graph.reshape(places, [size, 1]), places]);
      const row = graph.reshape(x, [size]);
      const matrix =
        x.dtype === "bool"
          ? graph.node("And", [isDiagonal, row])
          : graph.node("Where", [isDiagonal, row, graph.scalar(0, x.dtype)]);
      return graph.reshape(matrix, [...x.dims, ...x.dims]);
    },
  }),
];

/** Matrix products. */
import * as tf from "@tensorflow/tfjs-core";
import type { TracedValue } from "../recorder/traced-value.ts";
import { defineKernel, floats, type Kernel, type KernelGraph, numbers } from "./define.ts";
import { activationOps, applyActivation, type FusedActivation } from "./fused-activation.ts";

interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function swapLast(graph: KernelGraph, x: TracedValue): TracedValue {
  const axes = x.dims.map((_, at) => at);
  const [row = 0, column = 0] = axes.slice(-2);
  return graph.transpose(x, [...axes.slice(0, -2), column, row]);
}

/**
 * `a · b + bias`. Where both have one matrix only, in whatever rank, it is a product of matrices: one Gemm, which
 * reads transposed factors in place; the reshapes around it change no memory, and those of a chain cancel.
 */
function multiply(
  graph: KernelGraph,
  [a, b]: readonly [TracedValue, TracedValue],
  { transposeA, transposeB }: Transposes,
  bias?: TracedValue,
): TracedValue {
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.dims.slice(0, -2), b.dims.slice(0, -2));
  if (batch.some((dim) => dim !== 1)) {
    const product = graph.node("MatMul", [
      transposeA ? swapLast(graph, a) : a,
      transposeB ? swapLast(graph, b) : b,
    ]);
    return bias === undefined ? product : graph.node("Add", [product, bias]);
  }
  const left = graph.reshape(a, a.dims.slice(-2));
  const right = graph.reshape(b, b.dims.slice(-2));
  const isRow = bias !== undefined && bias.dims.length <= 1;
  const product =
    a.dtype === "float32" && (isRow || transposeA || transposeB)
      ? graph.node("Gemm", [left, right, isRow ? bias : undefined], {
          transA: Number(transposeA),
          transB: Number(transposeB),
        })
      : graph.node("MatMul", [
          transposeA ? swapLast(graph, left) : left,
          transposeB ? swapLast(graph, right) : right,
        ]);
  const shaped = graph.reshape(product, [...batch, ...product.dims]);
  return bias === undefined || isRow ? shaped : graph.node("Add", [shaped, bias]);
}

export const matrixKernels: readonly Kernel[] = [
  defineKernel<{ a: tf.TensorInfo; b: tf.TensorInfo }, Transposes>({
    kernel: "BatchMatMul",
    emits: ["Gemm", "MatMul", "Reshape", "Transpose"],
    dtypes: numbers,
    shapes: "[..., m, k] × [..., k, n] → [..., m, n]; batch dims broadcast",
    trace: ({ inputs: { a, b }, attrs, graph }) => multiply(graph, [a, b], attrs),
  }),
  defineKernel<
    { a: tf.TensorInfo; b: tf.TensorInfo; bias?: tf.TensorInfo; preluActivationWeights?: tf.TensorInfo },
    Transposes & FusedActivation
  >({
    kernel: "_FusedMatMul",
    emits: ["Gemm", "MatMul", "Reshape", "Transpose", "Add", ...activationOps],
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
    dtypes: ["float32", "int32", "bool"],
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

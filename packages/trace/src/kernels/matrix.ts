/** Matrix products. */
import type * as tf from "@tensorflow/tfjs-core";
import type { TracedValue } from "../recorder/traced-value.ts";
import { defineKernel, type Kernel, type KernelGraph, numbers } from "./define.ts";

type Factors = { a: tf.TensorInfo; b: tf.TensorInfo };
type Attrs = { transposeA: boolean; transposeB: boolean };

function swapLast(graph: KernelGraph, x: TracedValue): TracedValue {
  const axes = x.dims.map((_, at) => at);
  const [row = 0, column = 0] = axes.slice(-2);
  return graph.transpose(x, [...axes.slice(0, -2), column, row]);
}

export const matrixKernels: readonly Kernel[] = [
  defineKernel<Factors, Attrs>({
    kernel: "BatchMatMul",
    emits: ["Transpose", "MatMul"],
    dtypes: numbers,
    shapes: "[..., m, k] × [..., k, n] → [..., m, n]",
    trace: ({ inputs: { a, b }, attrs: { transposeA, transposeB }, graph }) =>
      graph.node("MatMul", [transposeA ? swapLast(graph, a) : a, transposeB ? swapLast(graph, b) : b]),
  }),
];

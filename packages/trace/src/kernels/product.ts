/** The product of matrices, or of batches of them. */
import * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { permute } from "./permute.ts";

export interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** ONNX ops that `multiply` may append; with a bias Add too. */
export const productOps: readonly string[] = ["Gemm", "MatMul", "Reshape", "Transpose"];

/**
 * `a · b + bias`. Where both have one matrix only, in whatever rank, it is a product of matrices: one Gemm, which
 * reads transposed factors in place; the reshapes around it copy nothing, and those of a chain cancel.
 */
export function multiply(
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
  // Gemm is of floats only. Without transposes and bias MatMul is the plainer form, which may still take a bias.
  const isGemm = a.dtype === "float32" && (isRow || transposeA || transposeB);
  const product = isGemm
    ? graph.node("Gemm", [left, right, isRow ? bias : undefined], {
        transA: Number(transposeA),
        transB: Number(transposeB),
      })
    : graph.node("MatMul", [
        transposeA ? swapLast(graph, left) : left,
        transposeB ? swapLast(graph, right) : right,
      ]);
  const shaped = graph.reshape(product, [...batch, ...product.dims]);
  return bias === undefined || (isGemm && isRow) ? shaped : graph.node("Add", [shaped, bias]);
}

function swapLast(graph: KernelGraph, x: TracedValue): TracedValue {
  const axes = x.dims.map((_, at) => at);
  const [row = 0, column = 0] = axes.slice(-2);
  return permute(graph, x, [...axes.slice(0, -2), column, row]);
}

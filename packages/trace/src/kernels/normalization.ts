/** Normalization by given moments, and over neighbouring channels. */
import { float32Tensor } from "@attune/onnx";
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { channelsFirst, channelsLast } from "./channel-order.ts";
import { defineKernel, floats, type Kernel } from "./define.ts";

const batchNorm = defineKernel<tf.FusedBatchNormInputs, tf.FusedBatchNormAttrs>({
  kernel: "FusedBatchNorm",
  emits: ["Add", "Sqrt", "Reciprocal", "Div", "Mul", "Sub"],
  dtypes: floats,
  shapes: "x [batch, height, width, channels]; the others [channels], or what broadcasts to x",
  trace({ inputs: { x, mean, variance, scale, offset }, attrs: { varianceEpsilon }, graph }) {
    const deviation = graph.node("Sqrt", [
      graph.node("Add", [variance, graph.scalar(varianceEpsilon ?? 0.001)]),
    ]);
    // x · factor − shift: all but two of the nodes work on single channels.
    const factor =
      scale === undefined ? graph.node("Reciprocal", [deviation]) : graph.node("Div", [scale, deviation]);
    const product = graph.node("Mul", [x, factor]);
    const shift = graph.node("Mul", [mean, factor]);
    return offset === undefined
      ? graph.node("Sub", [product, shift])
      : graph.node("Add", [product, graph.node("Sub", [offset, shift])]);
  },
});

const lrn = defineKernel<tf.LRNInputs, tf.LRNAttrs>({
  kernel: "LRN",
  emits: ["Transpose", "Reshape", "LRN"],
  dtypes: floats,
  shapes: "[batch, height, width, channels]",
  trace({ inputs: { x }, attrs: { depthRadius, bias, alpha, beta }, graph }) {
    const size = 2 * depthRadius + 1;
    // ONNX divides alpha by the number of channels, tfjs does not.
    const attributes = { size, bias, alpha: alpha * size, beta };
    return channelsLast(graph, graph.node("LRN", [channelsFirst(graph, x)], attributes));
  },
});

/**
 * With s = bias + alpha · Σ x² over neighbouring channels, y = x · s^−beta:
 * dx = dy · s^−beta − 2 · alpha · beta · x · Σ (dy · y / s) over the same neighbours.
 */
const lrnGrad = defineKernel<tf.LRNGradInputs, tf.LRNGradAttrs>({
  kernel: "LRNGrad",
  emits: ["Mul", "MatMul", "Add", "Pow", "Div", "Sub"],
  dtypes: floats,
  shapes: "x, y, dy [batch, height, width, channels]",
  trace({ inputs: { x, y, dy }, attrs: { depthRadius, bias, alpha, beta }, graph }) {
    const channels = x.dims.at(-1) ?? 0;
    const squares = graph.node("Mul", [x, x]);
    const sums = graph.node("MatMul", [squares, band(graph, channels, depthRadius, alpha)]);
    const norm = graph.node("Add", [sums, graph.scalar(bias)]);
    const direct = graph.node("Mul", [dy, graph.node("Pow", [norm, graph.scalar(-beta)])]);
    const share = graph.node("Div", [graph.node("Mul", [dy, y]), norm]);
    const shares = graph.node("MatMul", [share, band(graph, channels, depthRadius, 2 * alpha * beta)]);
    return graph.node("Sub", [direct, graph.node("Mul", [x, shares])]);
  },
});

/** `[channels, channels]`: the value where two channels are within the radius of each other, else 0. */
function band(graph: KernelGraph, channels: number, radius: number, value: number): TracedValue {
  const data = new Float32Array(channels * channels);
  for (let row = 0; row < channels; row++) {
    const from = Math.max(0, row - radius);
    data.fill(value, row * channels + from, row * channels + Math.min(channels, row + radius + 1));
  }
  return graph.constant(float32Tensor(data, [channels, channels]));
}

export const normalizationKernels: readonly Kernel[] = [batchNorm, lrn, lrnGrad];

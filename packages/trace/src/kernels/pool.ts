/** Largest and mean values of windows. */
import { int64Tensor } from "@attune/onnx";
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { channelsFirst, channelsLast } from "./channel-order.ts";
import { anyDtype, defineKernel, floats, type Kernel, numbers } from "./define.ts";
import {
  averagePool,
  isIdentity,
  maxPool,
  maxPoolIndices,
  poolOps,
  poolWindows2d,
  poolWindows3d,
} from "./pooling.ts";
import type { Window } from "./windows.ts";

type Pool = (graph: KernelGraph, x: TracedValue, windows: readonly Window[]) => TracedValue;

/** A pool with channels second as one with channels last. */
function poolLast(graph: KernelGraph, x: TracedValue, windows: readonly Window[], pool: Pool): TracedValue {
  if (windows.every(isIdentity)) return x;
  return channelsLast(graph, pool(graph, channelsFirst(graph, x), windows));
}

const maxPool2d = defineKernel<tf.MaxPoolInputs, tf.MaxPoolAttrs>({
  kernel: "MaxPool",
  emits: [...poolOps, "MaxPool", "Cast"],
  dtypes: anyDtype,
  shapes: "[batch, height, width, channels] → [batch, height, width, channels]",
  trace: ({ inputs: { x }, attrs, graph }) => poolLast(graph, x, poolWindows2d(x, attrs), maxPool),
});

const avgPool2d = defineKernel<tf.AvgPoolInputs, tf.AvgPoolAttrs>({
  kernel: "AvgPool",
  emits: [...poolOps, "AveragePool"],
  dtypes: floats,
  shapes: "[batch, height, width, channels] → [batch, height, width, channels]",
  note: "Padding does not count.",
  trace: ({ inputs: { x }, attrs, graph }) => poolLast(graph, x, poolWindows2d(x, attrs), averagePool),
});

const maxPool3d = defineKernel<tf.MaxPool3DInputs, tf.MaxPool3DAttrs>({
  kernel: "MaxPool3D",
  emits: [...poolOps, "Slice", "MaxPool"],
  dtypes: floats,
  shapes: "[batch, depth, height, width, channels] → [batch, depth, height, width, channels]",
  trace: ({ inputs: { x }, attrs, graph }) => poolLast(graph, x, poolWindows3d(x, attrs), maxPool),
});

const avgPool3d = defineKernel<tf.AvgPool3DInputs, tf.AvgPool3DAttrs>({
  kernel: "AvgPool3D",
  emits: [...poolOps, "Slice", "AveragePool"],
  dtypes: floats,
  shapes: "[batch, depth, height, width, channels] → [batch, depth, height, width, channels]",
  note: "Padding does not count.",
  trace: ({ inputs: { x }, attrs, graph }) => poolLast(graph, x, poolWindows3d(x, attrs), averagePool),
});

const maxPoolWithArgmax = defineKernel<tf.MaxPoolWithArgmaxInputs, tf.MaxPoolWithArgmaxAttrs>({
  kernel: "MaxPoolWithArgmax",
  emits: ["Transpose", "Reshape", "MaxPool", "Cast", "Mod", "Sub", "Mul", "Add"],
  dtypes: numbers,
  shapes: "[batch, height, width, channels] → two of [batch, height, width, channels]: values, positions",
  trace({ inputs: { x }, attrs, graph }) {
    const windows = poolWindows2d(x, attrs);
    const [y, indices] = maxPoolIndices(graph, channelsFirst(graph, x), windows);
    return [channelsLast(graph, y), channelsLast(graph, positions(graph, x, indices, attrs))];
  },
});

/** Positions in a tensor with channels second, as positions in one with channels last. */
function positions(
  graph: KernelGraph,
  x: TracedValue,
  indices: TracedValue,
  { includeBatchInIndex }: tf.MaxPoolWithArgmaxAttrs,
): TracedValue {
  const [, height = 0, width = 0, channels = 0] = x.dims;
  const int64 = (value: number) => graph.scalar(value, "int64");
  const cell = graph.node("Mod", [indices, int64(height * width)]);
  const channel = graph.constant(
    int64Tensor(
      Array.from({ length: channels }, (_, at) => BigInt(at)),
      [channels, 1, 1],
    ),
  );
  const within = graph.node("Add", [graph.node("Mul", [cell, int64(channels)]), channel]);
  if (!includeBatchInIndex) return graph.cast(within, "int32");
  const rest = graph.node("Mod", [indices, int64(height * width * channels)]);
  return graph.cast(graph.node("Add", [within, graph.node("Sub", [indices, rest])]), "int32");
}

export const poolKernels: readonly Kernel[] = [maxPool2d, avgPool2d, maxPool3d, avgPool3d, maxPoolWithArgmax];

/** Gradients of pools. */
import { float32Tensor } from "@attune/onnx";
import type * as tf from "@tensorflow/tfjs-core";
import type { TracedValue } from "../recorder/traced-value.ts";
import { channelsFirst, channelsLast } from "./channel-order.ts";
import { convolutionOps, convolveBack } from "./convolution.ts";
import { defineKernel, floats, type Kernel, type KernelGraph } from "./define.ts";
import { maxPoolIndices, poolWindows2d, poolWindows3d } from "./pooling.ts";
import { reversedAxis, sliceAxes, wholeAxis } from "./slice-axes.ts";
import { cropUnseen, isEmpty, padUnseen, restOf, type Window, withinInput } from "./windows.ts";

/** dy, added up at the first largest cell of each window: x and dy `[batch, channels, …]` → x's shape. */
function scatterToFirst(
  graph: KernelGraph,
  x: TracedValue,
  dy: TracedValue,
  windows: readonly Window[],
): TracedValue {
  const seen = cropUnseen(graph, x, windows);
  const [, indices] = maxPoolIndices(graph, seen, windows);
  const size = (value: TracedValue) => value.dims.reduce((product, dim) => product * dim, 1);
  const zeros = graph.expand(graph.scalar(0), [size(seen)]);
  const flat = (value: TracedValue) => graph.reshape(value, [size(value)]);
  const isShared = windows.some(({ stride, kernel }) => stride < kernel);
  const sums = graph.node(
    "ScatterElements",
    [zeros, flat(indices), flat(dy)],
    isShared ? { reduction: "add" } : {},
  );
  return padUnseen(graph, graph.reshape(sums, seen.dims), windows);
}

/** As `scatterToFirst`, at the last largest cell: the first one when every axis is walked backwards. */
function scatterToLast(
  graph: KernelGraph,
  x: TracedValue,
  dy: TracedValue,
  windows: readonly Window[],
): TracedValue {
  const reverse = (value: TracedValue) =>
    sliceAxes(graph, value, [wholeAxis, wholeAxis, ...windows.map(() => reversedAxis)]);
  const backwards = windows.map((window): Window => {
    const { before, after } = window;
    return { ...window, before: after - restOf(window), after: before };
  });
  return reverse(scatterToFirst(graph, reverse(x), reverse(dy), backwards));
}

type MaxPoolGradInputs = tf.MaxPoolGradInputs;

const maxPoolGradOps = ["Transpose", "Slice", "Pad", "MaxPool", "Expand", "Reshape", "ScatterElements"];

const maxPoolGrad = defineKernel<MaxPoolGradInputs, tf.MaxPoolGradAttrs>({
  kernel: "MaxPoolGrad",
  emits: maxPoolGradOps,
  dtypes: floats,
  shapes: "dy, input, output [batch, height, width, channels] → as input",
  note: "All of a window's gradient goes to the first of its largest values.",
  trace({ inputs: { dy, input: x }, attrs, graph }) {
    const windows = poolWindows2d(x, attrs);
    if (isEmpty(windows)) return graph.expand(graph.scalar(0), x.dims);
    return channelsLast(
      graph,
      scatterToFirst(graph, channelsFirst(graph, x), channelsFirst(graph, dy), windows),
    );
  },
});

const maxPool3dGrad = defineKernel<tf.MaxPool3DGradInputs, tf.MaxPool3DGradAttrs>({
  kernel: "MaxPool3DGrad",
  emits: maxPoolGradOps,
  dtypes: floats,
  shapes: "dy, input, output [batch, depth, height, width, channels] → as input",
  note: "All of a window's gradient goes to the last of its largest values. tfjs-backend-cpu misplaces it where the window's height and width differ; the graph does not.",
  trace({ inputs: { dy, input: x }, attrs, graph }) {
    const windows = poolWindows3d(x, attrs);
    if (isEmpty(windows)) return graph.expand(graph.scalar(0), x.dims);
    return channelsLast(
      graph,
      scatterToLast(graph, channelsFirst(graph, x), channelsFirst(graph, dy), windows),
    );
  },
});

/** tfjs divides by the whole window, also where a part of it was padding. */
function spreadMeans(
  graph: KernelGraph,
  dy: TracedValue,
  x: TracedValue,
  windows: readonly Window[],
): TracedValue {
  const kernel = windows.map((window) => window.kernel);
  const cells = kernel.reduce((product, size) => product * size, 1);
  const within = windows.map(withinInput);
  const isTiled = within.every(
    (window) =>
      window.kernel === window.stride &&
      window.before === 0 &&
      window.after === 0 &&
      restOf(window) === 0 &&
      window.input === window.output * window.kernel,
  );
  const channels = x.dims.at(-1) ?? 0;
  const shares = (dims: readonly number[]) =>
    graph.constant(float32Tensor(new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(1 / cells), dims));
  if (isTiled && within.every((window, at) => window === windows[at])) {
    // Each cell of dy becomes a tile: one multiplication that broadcasts.
    const rows = graph.reshape(dy, [
      dy.dims[0] ?? 0,
      ...windows.flatMap(({ output }) => [output, 1]),
      channels,
    ]);
    const tiles = graph.node("Mul", [rows, shares([1, ...kernel.flatMap((size) => [1, size]), 1].slice(2))]);
    return graph.reshape(tiles, x.dims);
  }
  const filter = shares([channels, 1, ...kernel]);
  return channelsLast(
    graph,
    convolveBack(graph, channelsFirst(graph, dy), filter, { windows, group: channels }),
  );
}

const avgPoolGrad = defineKernel<tf.AvgPoolGradInputs, tf.AvgPoolGradAttrs>({
  kernel: "AvgPoolGrad",
  emits: [...convolutionOps, "Reshape", "Mul"],
  dtypes: floats,
  shapes: "dy, input [batch, height, width, channels] → as input",
  note: "As in tfjs, the gradient is divided by the whole window, padding included.",
  trace: ({ inputs: { dy, input }, attrs, graph }) =>
    spreadMeans(graph, dy, input, poolWindows2d(input, attrs)),
});

const avgPool3dGrad = defineKernel<tf.AvgPool3DGradInputs, tf.AvgPool3DGradAttrs>({
  kernel: "AvgPool3DGrad",
  emits: [...convolutionOps, "Reshape", "Mul"],
  dtypes: floats,
  shapes: "dy, input [batch, depth, height, width, channels] → as input",
  note: "As in tfjs, the gradient is divided by the whole window, padding included.",
  trace: ({ inputs: { dy, input }, attrs, graph }) =>
    spreadMeans(graph, dy, input, poolWindows3d(input, attrs)),
});

export const poolGradKernels: readonly Kernel[] = [maxPoolGrad, maxPool3dGrad, avgPoolGrad, avgPool3dGrad];

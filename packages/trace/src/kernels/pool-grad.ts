/** Gradients of pools. */
import { float32Tensor } from "@attune/onnx";
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { channelsFirst, channelsLast } from "./channel-order.ts";
import { convolveChannelsBack, convolveOps } from "./convolution.ts";
import { defineKernel, floats, type Kernel } from "./define.ts";
import { maxPoolGradient, maxPoolGradientOps } from "./max-pool-gradient.ts";
import { poolWindows2d, poolWindows3d } from "./pooling.ts";
import { countPlaces } from "./window-places.ts";
import { isEmpty, restOf, type Window } from "./windows.ts";

const maxPoolGrad = defineKernel<tf.MaxPoolGradInputs, tf.MaxPoolGradAttrs>({
  kernel: "MaxPoolGrad",
  emits: maxPoolGradientOps,
  dtypes: floats,
  shapes: "dy, input, output [batch, height, width, channels] → as input",
  note: "All of a window's gradient goes to the first of its largest values.",
  trace: ({ inputs: { dy, input: x, output: y }, attrs, graph }) =>
    maxPoolGradient(graph, { x, y, dy }, poolWindows2d(x, attrs), "first"),
});

const maxPool3dGrad = defineKernel<tf.MaxPool3DGradInputs, tf.MaxPool3DGradAttrs>({
  kernel: "MaxPool3DGrad",
  emits: maxPoolGradientOps,
  dtypes: floats,
  shapes: "dy, input, output [batch, depth, height, width, channels] → as input",
  note: "All of a window's gradient goes to the last of its largest values. tfjs-backend-cpu misplaces it where the window's height and width differ; the graph does not.",
  trace: ({ inputs: { dy, input: x, output: y }, attrs, graph }) =>
    maxPoolGradient(graph, { x, y, dy }, poolWindows3d(x, attrs), "last"),
});

/** tfjs divides by the whole window, also where a part of it was padding. */
function avgPoolGradient(
  graph: KernelGraph,
  dy: TracedValue,
  x: TracedValue,
  windows: readonly Window[],
): TracedValue {
  const share = 1 / countPlaces(windows);
  if (windows.every(isTile) && !isEmpty(windows)) return spreadTiles(graph, dy, x, windows, share);
  const channels = x.dims.at(-1) ?? 0;
  const filter = filled(graph, share, [channels, 1, ...windows.map(({ kernel }) => kernel)]);
  return channelsLast(graph, convolveChannelsBack(graph, channelsFirst(graph, dy), filter, windows));
}

/** Whether the windows divide the axis among them. */
function isTile(window: Window): boolean {
  const { kernel, stride, before, after } = window;
  return kernel === stride && before === 0 && after === 0 && restOf(window) === 0;
}

/** Each cell of dy becomes a tile, in one multiplication that broadcasts. */
function spreadTiles(
  graph: KernelGraph,
  dy: TracedValue,
  x: TracedValue,
  windows: readonly Window[],
  share: number,
): TracedValue {
  const [batch = 0, channels = 0] = [dy.dims[0], dy.dims.at(-1)];
  const cells = graph.reshape(dy, [batch, ...windows.flatMap(({ output }) => [output, 1]), channels]);
  const tile = windows.flatMap(({ kernel }) => [kernel, 1]);
  return graph.reshape(graph.node("Mul", [cells, filled(graph, share, tile)]), x.dims);
}

function filled(graph: KernelGraph, value: number, dims: readonly number[]): TracedValue {
  const count = dims.reduce((product, dim) => product * dim, 1);
  return graph.constant(float32Tensor(new Float32Array(count).fill(value), dims));
}

const avgPoolGradOps = ["Reshape", "Mul", "Transpose", "Pad", "Slice", ...convolveOps];
const divided = "As in tfjs, the gradient is divided by the whole window, padding included.";

const avgPoolGrad = defineKernel<tf.AvgPoolGradInputs, tf.AvgPoolGradAttrs>({
  kernel: "AvgPoolGrad",
  emits: avgPoolGradOps,
  dtypes: floats,
  shapes: "dy, input [batch, height, width, channels] → as input",
  note: divided,
  trace: ({ inputs: { dy, input }, attrs, graph }) =>
    avgPoolGradient(graph, dy, input, poolWindows2d(input, attrs)),
});

const avgPool3dGrad = defineKernel<tf.AvgPool3DGradInputs, tf.AvgPool3DGradAttrs>({
  kernel: "AvgPool3DGrad",
  emits: avgPoolGradOps,
  dtypes: floats,
  shapes: "dy, input [batch, depth, height, width, channels] → as input",
  note: divided,
  trace: ({ inputs: { dy, input }, attrs, graph }) =>
    avgPoolGradient(graph, dy, input, poolWindows3d(input, attrs)),
});

export const poolGradKernels: readonly Kernel[] = [maxPoolGrad, maxPool3dGrad, avgPoolGrad, avgPool3dGrad];

/** Grayscale dilation (morphology), and its gradients. */
import { float32Tensor, int64Tensor } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { channelsLast } from "./channel-order.ts";
import { convolveChannelsBack } from "./convolution.ts";
import { defineKernel, floats, type Kernel } from "./define.ts";
import { permute } from "./permute.ts";
import { cellsByPlace, countPlaces, placeOps } from "./window-places.ts";
import { refuseEmptyWindows, type Window, windowsOf2d } from "./windows.ts";

type Dims4 = [number, number, number, number];
type Dims3 = [number, number, number];
type Pad = "same" | "valid" | number;

function windowsOf(x: TracedValue, filter: TracedValue, attrs: tf.Dilation2DAttrs): readonly Window[] {
  const { strides, pad, dilations } = attrs;
  return windowsOf2d(
    tf.backend_util.computeDilation2DInfo(
      x.dims as Dims4,
      filter.dims as Dims3,
      strides,
      pad as Pad,
      "NHWC",
      dilations,
    ),
  );
}

const sumOps = [...placeOps, "Concat", "Reshape", "Add"];

/** x + filter at each place of each window, row by row: `[batch, outHeight, outWidth, h · w, channels]`. */
function sumsOf(
  graph: KernelGraph,
  x: TracedValue,
  filter: TracedValue,
  windows: readonly Window[],
): TracedValue {
  refuseEmptyWindows(graph, windows);
  const cells = cellsByPlace(graph, x, windows, { fill: Number.NEGATIVE_INFINITY });
  const [batch = 0, height = 0, width = 0, channels = 0] = cells[0]?.dims ?? [];
  const stacked = graph.reshape(graph.node("Concat", cells, { axis: 3 }), [
    batch,
    height,
    width,
    cells.length,
    channels,
  ]);
  return graph.node("Add", [stacked, graph.reshape(filter, [cells.length, channels])]);
}

/** dy at the first place of each window with the largest sum, else 0: as `sumsOf`. */
function shareOut(graph: KernelGraph, sums: TracedValue, dy: TracedValue): TracedValue {
  const [batch = 0, height = 0, width = 0, places = 0, channels = 0] = sums.dims;
  const first = graph.node("ArgMax", [sums], { axis: 3 });
  const each = graph.constant(int64Tensor([...new Array(places).keys()].map(BigInt), [places, 1]));
  const spread = graph.reshape(dy, [batch, height, width, 1, channels]);
  return graph.node("Where", [graph.node("Equal", [first, each]), spread, graph.scalar(0)]);
}

const dilation2d = defineKernel<tf.Dilation2DInputs, tf.Dilation2DAttrs>({
  kernel: "Dilation2D",
  emits: [...sumOps, "ReduceMax"],
  dtypes: floats,
  shapes: "[batch, height, width, channels], [h, w, channels] → [batch, height, width, channels]",
  trace({ inputs: { x, filter }, attrs, graph }) {
    const sums = sumsOf(graph, x, filter, windowsOf(x, filter, attrs));
    return graph.node("ReduceMax", [sums, graph.ints([3])], { keepdims: 0 });
  },
});

type BackpropInputs = tf.Dilation2DBackpropInputInputs;

const backpropOps = [...sumOps, "ArgMax", "Equal", "Where"];

const dilation2dBackpropFilter = defineKernel<BackpropInputs, tf.Dilation2DAttrs>({
  kernel: "Dilation2DBackpropFilter",
  emits: [...backpropOps, "ReduceSum"],
  dtypes: floats,
  shapes: "x, filter, dy → [h, w, channels]",
  trace({ inputs: { x, filter, dy }, attrs, graph }) {
    const shares = shareOut(graph, sumsOf(graph, x, filter, windowsOf(x, filter, attrs)), dy);
    const sums = graph.node("ReduceSum", [shares, graph.ints([0, 1, 2])], { keepdims: 0 });
    return graph.reshape(sums, filter.dims);
  },
});

const dilation2dBackpropInput = defineKernel<BackpropInputs, tf.Dilation2DAttrs>({
  kernel: "Dilation2DBackpropInput",
  emits: [...backpropOps, "Transpose", "Conv"],
  dtypes: floats,
  shapes: "x, filter, dy → [batch, height, width, channels]",
  trace({ inputs: { x, filter, dy }, attrs, graph }) {
    const windows = windowsOf(x, filter, attrs);
    const shares = shareOut(graph, sumsOf(graph, x, filter, windows), dy);
    const [batch = 0, height = 0, width = 0, places = 0, channels = 0] = shares.dims;
    const planes = graph.reshape(permute(graph, shares, [0, 4, 3, 1, 2]), [
      batch,
      channels * places,
      height,
      width,
    ]);
    return channelsLast(
      graph,
      convolveChannelsBack(graph, planes, placeFilter(graph, windows, channels), windows),
    );
  },
});

/** `[channels, h · w, h, w]`, turned about h and w: takes each plane to its place of the window. */
function placeFilter(graph: KernelGraph, windows: readonly Window[], channels: number): TracedValue {
  const places = countPlaces(windows);
  const data = new Float32Array(channels * places * places);
  for (let row = 0; row < channels * places; row++) data[row * places + places - 1 - (row % places)] = 1;
  return graph.constant(float32Tensor(data, [channels, places, ...windows.map(({ kernel }) => kernel)]));
}

export const dilationKernels: readonly Kernel[] = [
  dilation2d,
  dilation2dBackpropInput,
  dilation2dBackpropFilter,
];

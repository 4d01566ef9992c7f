/** Grayscale dilation (morphology), and its gradients. */
import { float32Tensor, int64Tensor } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import type { TracedValue } from "../recorder/traced-value.ts";
import { channelsLast } from "./channel-order.ts";
import { convolveBack } from "./convolution.ts";
import { defineKernel, floats, type Kernel, type KernelGraph } from "./define.ts";
import { padAxes } from "./pad-axes.ts";
import { type Range, sliceAxes, wholeAxis } from "./slice-axes.ts";
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

/** x + filter at each place of each window, row by row: `[batch, outHeight, outWidth, h · w, channels]`. */
function sumsOf(
  graph: KernelGraph,
  x: TracedValue,
  filter: TracedValue,
  windows: readonly Window[],
): TracedValue {
  refuseEmptyWindows(graph, windows);
  const [rows, columns] = windows as readonly [Window, Window];
  const borders = windows.map(({ before, after }) => [before, Math.max(after, 0)] as const);
  const padded = padAxes(graph, x, [[0, 0], ...borders, [0, 0]], Number.NEGATIVE_INFINITY);
  const places = Array.from({ length: rows.kernel * columns.kernel }, (_, at) =>
    sliceAxes(graph, padded, [
      wholeAxis,
      cellsAt(rows, Math.floor(at / columns.kernel)),
      cellsAt(columns, at % columns.kernel),
      wholeAxis,
    ]),
  );
  const [batch = 0, , , channels = 0] = x.dims;
  const stacked = graph.reshape(graph.node("Concat", places, { axis: 3 }), [
    batch,
    rows.output,
    columns.output,
    places.length,
    channels,
  ]);
  return graph.node("Add", [stacked, graph.reshape(filter, [places.length, channels])]);
}

/** The cells that all windows along an axis have at one place. */
function cellsAt({ output, stride, dilation }: Window, place: number): Range {
  const start = place * dilation;
  return { start, end: start + (output - 1) * stride + 1, step: stride };
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
  emits: ["Pad", "Slice", "Concat", "Reshape", "Add", "ReduceMax"],
  dtypes: floats,
  shapes: "[batch, height, width, channels], [h, w, channels] → [batch, height, width, channels]",
  trace({ inputs: { x, filter }, attrs, graph }) {
    const sums = sumsOf(graph, x, filter, windowsOf(x, filter, attrs));
    return graph.node("ReduceMax", [sums, graph.ints([3])], { keepdims: 0 });
  },
});

type BackpropInputs = tf.Dilation2DBackpropInputInputs;

const backpropOps = ["Pad", "Slice", "Concat", "Reshape", "Add", "ArgMax", "Equal", "Where"];

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
  emits: [...backpropOps, "Transpose", "ConvTranspose"],
  dtypes: floats,
  shapes: "x, filter, dy → [batch, height, width, channels]",
  trace({ inputs: { x, filter, dy }, attrs, graph }) {
    const windows = windowsOf(x, filter, attrs);
    const shares = shareOut(graph, sumsOf(graph, x, filter, windows), dy);
    const [batch = 0, height = 0, width = 0, places = 0, channels = 0] = shares.dims;
    const planes = graph.reshape(graph.transpose(shares, [0, 4, 3, 1, 2]), [
      batch,
      channels * places,
      height,
      width,
    ]);
    const dx = convolveBack(graph, planes, placeFilter(graph, windows, channels), {
      windows,
      group: channels,
    });
    return channelsLast(graph, dx);
  },
});

/** `[channels · h · w, 1, h, w]`: a transposed convolution with it adds each plane to its place of the window. */
function placeFilter(graph: KernelGraph, windows: readonly Window[], channels: number): TracedValue {
  const kernel = windows.map((window) => window.kernel);
  const places = kernel.reduce((product, size) => product * size, 1);
  const data = new Float32Array(channels * places * places);
  for (let row = 0; row < channels * places; row++) data[row * places + (row % places)] = 1;
  return graph.constant(float32Tensor(data, [channels * places, 1, ...kernel]));
}

export const dilationKernels: readonly Kernel[] = [
  dilation2d,
  dilation2dBackpropInput,
  dilation2dBackpropFilter,
];

/** Images at other sizes, and the gradients of that. */
import { float32Tensor } from "@attune/onnx";
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { defineKernel, floats, type Kernel, numbers } from "./define.ts";

const bilinear = defineKernel<tf.ResizeBilinearInputs, tf.ResizeBilinearAttrs>({
  kernel: "ResizeBilinear",
  emits: ["Cast", "Resize"],
  dtypes: numbers,
  shapes: "[batch, height, width, channels] → [batch, newHeight, newWidth, channels], float32",
  trace({ inputs: { images }, attrs: { alignCorners, halfPixelCenters, size }, graph }) {
    const [batch = 0, , , channels = 0] = images.dims;
    const sizes = graph.ints([batch, ...size, channels]);
    return graph.node("Resize", [graph.cast(images, "float32"), undefined, undefined, sizes], {
      mode: "linear",
      coordinate_transformation_mode: halfPixelCenters
        ? "half_pixel"
        : alignCorners
          ? "align_corners"
          : "asymmetric",
    });
  },
});

/** Input cells per output cell, as tfjs counts them. */
function ratioOf(input: number, output: number, alignCorners: boolean): number {
  return alignCorners && output > 1 ? (input - 1) / (output - 1) : input / output;
}

/** For each output cell the input cell that it copies. */
function nearestCells(input: number, output: number, attrs: tf.ResizeNearestNeighborAttrs): number[] {
  const { alignCorners, halfPixelCenters } = attrs;
  const ratio = ratioOf(input, output, alignCorners);
  const round = alignCorners ? Math.round : Math.floor;
  return Array.from({ length: output }, (_, at) =>
    Math.min(input - 1, round(ratio * (halfPixelCenters ? at + 0.5 : at))),
  );
}

const nearest = defineKernel<tf.ResizeNearestNeighborInputs, tf.ResizeNearestNeighborAttrs>({
  kernel: "ResizeNearestNeighbor",
  emits: ["Gather"],
  dtypes: numbers,
  shapes: "[batch, height, width, channels] → [batch, newHeight, newWidth, channels]",
  trace({ inputs: { images }, attrs, graph }) {
    // ONNX's Resize finds the cell in float32, which is another one where tfjs's float64 is close to a border.
    return attrs.size.reduce((image, output, at) => {
      const input = image.dims[at + 1] ?? 0;
      const cells = nearestCells(input, output, attrs);
      const isSame = input === output && cells.every((cell, place) => cell === place);
      return isSame ? image : graph.node("Gather", [image, graph.ints(cells)], { axis: at + 1 });
    }, images);
  },
});

/** `[input, output]`: how much of each output cell's gradient goes to each input cell. */
type Shares = (input: number, output: number, alignCorners: boolean) => Float32Array;

const bilinearShares: Shares = (input, output, alignCorners) => {
  const ratio = ratioOf(input, output, alignCorners);
  const shares = new Float32Array(input * output);
  for (let at = 0; at < output; at++) {
    const place = at * ratio;
    const low = Math.floor(place);
    const high = Math.min(Math.ceil(place), input - 1);
    shares[low * output + at] = 1 - (place - low);
    shares[high * output + at] = (shares[high * output + at] ?? 0) + (place - low);
  }
  return shares;
};

const nearestShares: Shares = (input, output, alignCorners) => {
  const cells = nearestCells(input, output, { alignCorners, halfPixelCenters: false, size: [0, 0] });
  const shares = new Float32Array(input * output);
  for (const [at, cell] of cells.entries()) shares[cell * output + at] = 1;
  return shares;
};

/** Height first, then width. */
function spreadBack(
  graph: KernelGraph,
  dy: TracedValue,
  images: TracedValue,
  shares: (input: number, output: number) => Float32Array,
): TracedValue {
  const [batch = 0, outHeight = 0, outWidth = 0, channels = 0] = dy.dims;
  const [, height = 0, width = 0] = images.dims;
  const rows = graph.reshape(dy, [batch, outHeight, outWidth * channels]);
  const summed = spreadAxis(graph, rows, height, shares(height, outHeight));
  const columns = graph.reshape(summed, [batch * height, outWidth, channels]);
  return graph.reshape(spreadAxis(graph, columns, width, shares(width, outWidth)), images.dims);
}

/** `[outer, output, inner]` → `[outer, input, inner]`. */
function spreadAxis(graph: KernelGraph, dy: TracedValue, input: number, shares: Float32Array): TracedValue {
  const [outer = 0, output = 0, inner = 0] = dy.dims;
  const factor = output / input;
  const isTiled = shares.every((share, at) => {
    const isOwn = Math.floor((at % output) / factor) === Math.floor(at / output);
    return share === (isOwn ? 1 : 0);
  });
  if (isTiled && factor === 1) return dy;
  if (isTiled && Number.isInteger(factor)) {
    const tiles = graph.reshape(dy, [outer, input, factor, inner]);
    return graph.node("ReduceSum", [tiles, graph.ints([2])], { keepdims: 0 });
  }
  return graph.node("MatMul", [graph.constant(float32Tensor(shares, [input, output])), dy]);
}

const bilinearGrad = defineKernel<tf.ResizeBilinearGradInputs, tf.ResizeBilinearGradAttrs>({
  kernel: "ResizeBilinearGrad",
  emits: ["Reshape", "MatMul"],
  dtypes: floats,
  shapes: "dy [batch, newHeight, newWidth, channels] → [batch, height, width, channels]",
  note: "As in tfjs, the gradient knows no halfPixelCenters.",
  trace: ({ inputs: { dy, images }, attrs: { alignCorners }, graph }) =>
    spreadBack(graph, dy, images, (input, output) => bilinearShares(input, output, alignCorners)),
});

const nearestGrad = defineKernel<tf.ResizeNearestNeighborGradInputs, tf.ResizeNearestNeighborGradAttrs>({
  kernel: "ResizeNearestNeighborGrad",
  emits: ["Reshape", "MatMul", "ReduceSum"],
  dtypes: floats,
  shapes: "dy [batch, newHeight, newWidth, channels] → [batch, height, width, channels]",
  note: "As in tfjs, the gradient knows no halfPixelCenters. tfjs-backend-cpu mixes up the images of a batch; the graph does not.",
  trace: ({ inputs: { dy, images }, attrs: { alignCorners }, graph }) =>
    spreadBack(graph, dy, images, (input, output) => nearestShares(input, output, alignCorners)),
});

export const resizeKernels: readonly Kernel[] = [bilinear, nearest, bilinearGrad, nearestGrad];

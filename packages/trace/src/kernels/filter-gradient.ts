/** Gradients of convolutions for their filters, from x and dy with channels last. */

import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { convolve } from "./convolution.ts";
import { permute } from "./permute.ts";
import { cellsByPlace, countPlaces } from "./window-places.ts";
import { cropUnseen, restOf, type Window, withinInput } from "./windows.ts";

/** Beyond so many places of a filter, one slow node is better than several hundred fast ones. */
const maxPlaces = 49;

/** So few channels are worth one product of all places: each row of a product by place would be read for little. */
const fewChannels = 8;

const sharedOps = ["Pad", "Slice", "Reshape", "Concat", "Transpose", "Conv", "Expand"];

/** ONNX ops that `filterGradient` may append. */
export const filterGradientOps: readonly string[] = [...sharedOps, "Gemm", "MatMul"];

/** ONNX ops that `channelFilterGradient` may append. */
export const channelFilterGradientOps: readonly string[] = [...sharedOps, "Mul", "ReduceSum"];

/**
 * x `[batch, …, in]`, dy `[batch, …, out]` → `[…, in, out]`, as products of the cells seen at each place of the filter
 * with dy. ONNX Runtime computes these two to three times as fast as the same sums written as one convolution.
 */
export function filterGradient(
  graph: KernelGraph,
  x: TracedValue,
  dy: TracedValue,
  windows: readonly Window[],
): TracedValue {
  const [inputs = 0, outputs = 0] = [x.dims.at(-1), dy.dims.at(-1)];
  const dims = [...windows.map(({ kernel }) => kernel), inputs, outputs];
  if (dy.dims.includes(0)) return graph.expand(graph.scalar(0), dims);
  if (countPlaces(windows) > maxPlaces) return byConvolution(graph, x, dy, windows, 1);
  const rows = dy.dims.slice(0, -1).reduce((product, dim) => product * dim, 1);
  const flat = graph.reshape(dy, [rows, outputs]);
  if (inputs < fewChannels) {
    const planes = permute(graph, x, swapBatch(windows));
    const cells = join(graph, cellsByPlace(graph, planes, windows, { firstAxis: 2 }));
    const columns = graph.reshape(cells, [countPlaces(windows) * inputs, rows]);
    return graph.reshape(graph.node("MatMul", [columns, flat]), dims);
  }
  const products = cellsByPlace(graph, x, windows).map((cells) =>
    graph.node("Gemm", [graph.reshape(cells, [rows, inputs]), flat], { transA: 1 }),
  );
  return graph.reshape(join(graph, products), dims);
}

/** `[batch, …, channels]` → `[channels, batch, …]`. */
function swapBatch(windows: readonly Window[]): number[] {
  const spatial = windows.map((_, axis) => axis + 1);
  return [spatial.length + 1, 0, ...spatial];
}

/** x `[batch, …, channels]`, dy `[batch, …, channels · m]` → `[…, channels, m]`: each channel has m filters. */
export function channelFilterGradient(
  graph: KernelGraph,
  x: TracedValue,
  dy: TracedValue,
  windows: readonly Window[],
): TracedValue {
  const channels = x.dims.at(-1) ?? 0;
  const multiplier = (dy.dims.at(-1) ?? 0) / channels;
  const dims = [...windows.map(({ kernel }) => kernel), channels, multiplier];
  if (dy.dims.includes(0)) return graph.expand(graph.scalar(0), dims);
  if (countPlaces(windows) > maxPlaces) return byConvolution(graph, x, dy, windows, channels);
  const outer = dy.dims.slice(0, -1);
  const [wide, split] =
    multiplier === 1
      ? [(cells: TracedValue) => cells, dy]
      : [
          (cells: TracedValue) => graph.reshape(cells, [...cells.dims, 1]),
          graph.reshape(dy, [...outer, channels, multiplier]),
        ];
  const axes = graph.ints(outer.map((_, axis) => axis));
  const sums = cellsByPlace(graph, x, windows).map((cells) =>
    graph.node("ReduceSum", [graph.node("Mul", [wide(cells), split]), axes], { keepdims: 0 }),
  );
  return graph.reshape(join(graph, sums), dims);
}

function join(graph: KernelGraph, parts: readonly TracedValue[]): TracedValue {
  return parts.length === 1 ? (parts[0] as TracedValue) : graph.node("Concat", parts, { axis: 0 });
}

/** A convolution of x by dy, in which batch and channels change places and strides become dilations. */
function byConvolution(
  graph: KernelGraph,
  x: TracedValue,
  dy: TracedValue,
  windows: readonly Window[],
  group: number,
): TracedValue {
  const perm = swapBatch(windows);
  const planes = permute(graph, x, perm);
  const [channels = 0, batch = 0, ...sizes] = planes.dims;
  const grouped = group === 1 ? planes : graph.reshape(planes, [1, channels * batch, ...sizes]);
  const swapped = windows.map(withinInput).map((window): Window => {
    const { input, output, kernel, stride, dilation, before } = window;
    const after = window.after - restOf(window);
    return { input, output: kernel, kernel: output, stride: dilation, dilation: stride, before, after };
  });
  const dw = convolve(graph, cropUnseen(graph, grouped, windows), permute(graph, dy, perm), {
    windows: swapped,
    group,
  });
  const kernel = windows.map((window) => window.kernel);
  const outputs = (dy.dims.at(-1) ?? 0) / group;
  const split = graph.reshape(dw, [channels, outputs, ...kernel]);
  return permute(graph, split, [...kernel.map((_, axis) => axis + 2), 0, 1]);
}

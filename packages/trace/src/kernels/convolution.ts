/** A convolution and its gradient for x over any number of spatial axes, with channels second. */

import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { padAxes } from "./pad-axes.ts";
import {
  cropUnseen,
  isEmpty,
  padUnseen,
  reachOf,
  restOf,
  type Window,
  windowAttributes,
  withinInput,
} from "./windows.ts";

export interface ConvolutionOptions {
  readonly windows: readonly Window[];
  /** Channels are convolved in so many groups. Default 1. */
  readonly group?: number;
  /** `[out]`. */
  readonly bias?: TracedValue | undefined;
}

/** ONNX ops that `convolve` may append, and Slice where padding may be below 0. */
export const convolveOps: readonly string[] = ["Conv", "Expand"];

/** ONNX ops that `convolveBack` may append, and Pad where padding may be below 0. */
export const convolveBackOps: readonly string[] = ["ConvTranspose", "Expand"];

/** x `[batch, in, …]`, filter `[out, in / group, …]` → `[batch, out, …]`. */
export function convolve(
  graph: KernelGraph,
  x: TracedValue,
  filter: TracedValue,
  { windows, group = 1, bias }: ConvolutionOptions,
): TracedValue {
  if (isEmpty(windows)) {
    const zeros = [x.dims[0] ?? 0, filter.dims[0] ?? 0, ...windows.map(({ output }) => output)];
    return graph.expand(graph.scalar(0), zeros);
  }
  const inputs = [cropUnseen(graph, x, windows), filter, ...(bias === undefined ? [] : [bias])];
  return graph.node("Conv", inputs, {
    ...windowAttributes(windows.map(withinInput)),
    ...(group !== 1 && { group }),
  });
}

/** The gradient for x: dy `[batch, out, …]`, filter `[out, in, …]` → `[batch, in, …]`. */
export function convolveBack(
  graph: KernelGraph,
  dy: TracedValue,
  filter: TracedValue,
  windows: readonly Window[],
): TracedValue {
  if (isEmpty(windows)) {
    const dims = [dy.dims[0] ?? 0, filter.dims[1] ?? 0, ...windows.map(({ input }) => input)];
    return graph.expand(graph.scalar(0), dims);
  }
  // Padding by name means another thing for a transposed convolution.
  const within = windows.map((window) => ({ ...withinInput(window), isSame: false }));
  const rests = within.map(restOf);
  const dx = graph.node("ConvTranspose", [dy, filter], {
    ...windowAttributes(within),
    ...(rests.some((rest) => rest !== 0) && { output_padding: rests }),
  });
  return padUnseen(graph, dx, windows);
}

/**
 * The gradient for x where each channel has filters of its own: dy `[batch, in · m, …]`, filter `[in, m, …]` turned
 * about each of its spatial axes → `[batch, in, …]`. ONNX Runtime computes such a convolution ten times as fast as the
 * transposed one.
 */
export function convolveChannelsBack(
  graph: KernelGraph,
  dy: TracedValue,
  turned: TracedValue,
  windows: readonly Window[],
): TracedValue {
  const group = turned.dims[0] ?? 1;
  if (isEmpty(windows)) {
    return graph.expand(graph.scalar(0), [dy.dims[0] ?? 0, group, ...windows.map(({ input }) => input)]);
  }
  const back = windows.map(withinInput).map((window): Window => {
    const { input, output, kernel, stride, dilation } = window;
    const size = stride === 1 ? output : output * stride;
    const before = reachOf(window) - 1 - window.before;
    const after = input + reachOf(window) - 1 - size - before;
    return { input: size, output: input, kernel, stride: 1, dilation, before, after };
  });
  const dx = convolve(graph, spaceOut(graph, dy, windows), turned, { windows: back, group });
  return padUnseen(graph, dx, windows);
}

/** A stride's cells for each cell of dy: itself, then zeros. */
function spaceOut(graph: KernelGraph, dy: TracedValue, windows: readonly Window[]): TracedValue {
  if (windows.every(({ stride }) => stride === 1)) return dy;
  const outer = dy.dims.slice(0, 2);
  const cells = graph.reshape(dy, [...outer, ...windows.flatMap(({ output }) => [output, 1])]);
  const spaced = padAxes(graph, cells, [
    [0, 0],
    [0, 0],
    ...windows.flatMap(({ stride }) => [[0, 0] as const, [0, stride - 1] as const]),
  ]);
  return graph.reshape(spaced, [...outer, ...windows.map(({ output, stride }) => output * stride)]);
}

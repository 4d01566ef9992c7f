/** A convolution and its two gradients over any number of spatial axes, with channels second. */
import type { TracedValue } from "../recorder/traced-value.ts";
import type { KernelGraph } from "./define.ts";
import {
  cropUnseen,
  isEmpty,
  padUnseen,
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

/** Ops that these functions may append. */
export const convolutionOps: readonly string[] = [
  "Conv",
  "ConvTranspose",
  "Transpose",
  "Slice",
  "Pad",
  "Expand",
];

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

/** The gradient for x: dy `[batch, out, …]`, filter `[out, in / group, …]` → `[batch, in, …]`. */
export function convolveBack(
  graph: KernelGraph,
  dy: TracedValue,
  filter: TracedValue,
  { windows, group = 1 }: ConvolutionOptions,
): TracedValue {
  if (isEmpty(windows)) {
    const channels = (filter.dims[1] ?? 0) * group;
    return graph.expand(graph.scalar(0), [dy.dims[0] ?? 0, channels, ...windows.map(({ input }) => input)]);
  }
  const within = windows.map(withinInput);
  const rests = within.map(restOf);
  const dx = graph.node("ConvTranspose", [dy, filter], {
    ...windowAttributes(within),
    ...(rests.some((rest) => rest !== 0) && { output_padding: rests }),
    ...(group !== 1 && { group }),
  });
  return padUnseen(graph, dx, windows);
}

/**
 * The gradient for the filter: x `[batch, in, …]`, dy `[batch, out, …]` → `[in, out, …]`. It is a convolution of x
 * by dy, in which batch and channels change places and strides become dilations.
 */
export function convolveFilter(
  graph: KernelGraph,
  x: TracedValue,
  dy: TracedValue,
  { windows, group = 1 }: ConvolutionOptions,
): TracedValue {
  // ONNX Runtime 1.30 does not come back from a Conv with an empty filter.
  if (dy.dims.includes(0)) {
    const zeros = [x.dims[0] ?? 0, dy.dims[0] ?? 0, ...windows.map(({ kernel }) => kernel)];
    return graph.expand(graph.scalar(0), zeros);
  }
  const swapped = windows.map(withinInput).map((window): Window => {
    const { input, output, kernel, stride, dilation, before } = window;
    const after = window.after - restOf(window);
    return { input, output: kernel, kernel: output, stride: dilation, dilation: stride, before, after };
  });
  return convolve(graph, cropUnseen(graph, x, windows), dy, { windows: swapped, group });
}

/** Gradients of max pools: what each window gets goes to one of its largest cells. */

import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { channelsFirst, channelsLast } from "./channel-order.ts";
import { padAxes } from "./pad-axes.ts";
import { maxPoolIndices } from "./pooling.ts";
import { reversedAxis, sliceAxes, toEnd, wholeAxis } from "./slice-axes.ts";
import { cellsByPlace } from "./window-places.ts";
import { cropUnseen, isEmpty, padUnseen, refuseEmptyWindows, restOf, type Window } from "./windows.ts";

/** ONNX ops that `maxPoolGradient` may append. */
export const maxPoolGradientOps: readonly string[] = [
  ...["Pad", "Slice", "Equal", "Where", "Reshape", "Concat"],
  ...["Transpose", "MaxPool", "Expand", "ScatterElements"],
];

/** All with channels last; y is the pool of x. */
export interface MaxPoolGradientInputs {
  readonly x: TracedValue;
  readonly y: TracedValue;
  readonly dy: TracedValue;
}

/**
 * @param winner - which of several largest cells of a window.
 * @returns of x's shape.
 */
export function maxPoolGradient(
  graph: KernelGraph,
  inputs: MaxPoolGradientInputs,
  windows: readonly Window[],
  winner: "first" | "last",
): TracedValue {
  const { x, dy } = inputs;
  if (isEmpty(windows)) return graph.expand(graph.scalar(0), x.dims);
  refuseEmptyWindows(graph, windows);
  if (windows.every(({ kernel, stride }) => kernel === stride)) {
    return gradientOfTiles(graph, inputs, windows, winner);
  }
  const scatter = winner === "first" ? scatterToFirst : scatterToLast;
  return channelsLast(graph, scatter(graph, channelsFirst(graph, x), channelsFirst(graph, dy), windows));
}

/**
 * Windows that do not overlap: each place takes what is left where its cell equals the maximum. It is several times
 * as fast as a scatter.
 */
function gradientOfTiles(
  graph: KernelGraph,
  { x, y, dy }: MaxPoolGradientInputs,
  windows: readonly Window[],
  winner: "first" | "last",
): TracedValue {
  const zero = graph.scalar(0);
  const cells = cellsByPlace(graph, x, windows, { fill: Number.NEGATIVE_INFINITY });
  const order = winner === "first" ? [...cells.keys()] : [...cells.keys()].reverse();
  const last = order.pop() ?? 0;
  const parts: TracedValue[] = [];
  let left = dy;
  for (const place of order) {
    const isLargest = graph.node("Equal", [cells[place], y]);
    parts[place] = graph.node("Where", [isLargest, left, zero]);
    left = graph.node("Where", [isLargest, zero, left]);
  }
  parts[last] = left;
  const tiles = interleave(graph, parts, windows);
  // Cells of the last windows behind the input, or below 0: cells of the input behind the last windows.
  const behind = windows.map((window) => window.after - restOf(window));
  const ranges = windows.map(({ before }, axis) => {
    const cut = behind[axis] ?? 0;
    return { start: before, end: cut > 0 ? -cut : toEnd, step: 1 };
  });
  const rests = behind.map((cut) => [0, Math.max(-cut, 0)] as const);
  return padAxes(graph, sliceAxes(graph, tiles, [wholeAxis, ...ranges]), [[0, 0], ...rests, [0, 0]]);
}

/** One value `[batch, …, channels]` for each place of the windows → the windows side by side. */
function interleave(
  graph: KernelGraph,
  parts: readonly TracedValue[],
  windows: readonly Window[],
): TracedValue {
  const [batch = 0, ...outputs] = parts[0]?.dims ?? [];
  const channels = outputs.pop() ?? 0;
  let joined = parts;
  let inner = channels;
  for (let axis = windows.length - 1; axis >= 0; axis--) {
    const rows = outputs.slice(0, axis + 1).reduce((product, size) => product * size, batch);
    const kernel = windows[axis]?.kernel ?? 1;
    const blocks = joined.map((part) => graph.reshape(part, [rows, inner]));
    joined = Array.from({ length: blocks.length / kernel }, (_, at) =>
      graph.node("Concat", blocks.slice(at * kernel, (at + 1) * kernel), { axis: 1 }),
    );
    inner *= kernel * (outputs[axis] ?? 0);
  }
  const sizes = windows.map(({ kernel }, axis) => kernel * (outputs[axis] ?? 0));
  return graph.reshape(joined[0] as TracedValue, [batch, ...sizes, channels]);
}

/** With channels second: dy is added up at the first largest cell of each window. */
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

/** The last largest cell is the first one when every axis is walked backwards. */
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
    return { ...window, before: after - restOf(window), after: before, isSame: false };
  });
  return reverse(scatterToFirst(graph, reverse(x), reverse(dy), backwards));
}

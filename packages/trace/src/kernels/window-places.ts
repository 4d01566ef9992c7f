/** What sliding windows see, place by place. */

import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { padAxes } from "./pad-axes.ts";
import { type Range, sliceAxes, toEnd, wholeAxis } from "./slice-axes.ts";
import type { Window } from "./windows.ts";

/** ONNX ops that `cellsByPlace` may append. */
export const placeOps: readonly string[] = ["Pad", "Slice"];

/** Places of one window: height · width, and depth. */
export function countPlaces(windows: readonly Window[]): number {
  return windows.reduce((product, { kernel }) => product * kernel, 1);
}

export interface PlaceOptions {
  /** Of the padding. Default 0. */
  readonly fill?: number;
  /** Where the spatial axes begin. Default 1, behind the batch. */
  readonly firstAxis?: number;
}

/** For each place of a window, row by row, the cells that all windows have there: x with the output's spatial sizes. */
export function cellsByPlace(
  graph: KernelGraph,
  x: TracedValue,
  windows: readonly Window[],
  { fill = 0, firstAxis = 1 }: PlaceOptions = {},
): TracedValue[] {
  const paddings = x.dims.map((_, axis) => {
    const { before, after } = windows[axis - firstAxis] ?? { before: 0, after: 0 };
    return [Math.max(before, 0), Math.max(after, 0)] as const;
  });
  const padded = padAxes(graph, x, paddings, fill);
  return placesOf(windows).map((place) => {
    const cells = windows.map((window, at) =>
      cellsAt(window, place[at] ?? 0, padded.dims[at + firstAxis] ?? 0),
    );
    return sliceAxes(graph, padded, [...new Array<Range>(firstAxis).fill(wholeAxis), ...cells]);
  });
}

/** Row by row: [0, 0], [0, 1], …, [1, 0], … */
function placesOf(windows: readonly Window[]): number[][] {
  return windows.reduce<number[][]>(
    (places, { kernel }) =>
      places.flatMap((place) => Array.from({ length: kernel }, (_, at) => [...place, at])),
    [[]],
  );
}

function cellsAt({ before, output, stride, dilation }: Window, place: number, size: number): Range {
  const start = Math.max(-before, 0) + place * dilation;
  const end = start + (output - 1) * stride + 1;
  return { start, end: end === size ? toEnd : end, step: stride };
}

/** What sliding windows see, place by place, in tensors with channels last. */
import type { TracedValue } from "../recorder/traced-value.ts";
import type { KernelGraph } from "./define.ts";
import { padAxes } from "./pad-axes.ts";
import { type Range, sliceAxes, toEnd, wholeAxis } from "./slice-axes.ts";
import type { Window } from "./windows.ts";

/** ONNX ops that `cellsByPlace` may append. */
export const placeOps: readonly string[] = ["Pad", "Slice"];

/** Places of one window: height · width, and depth. */
export function countPlaces(windows: readonly Window[]): number {
  return windows.reduce((product, { kernel }) => product * kernel, 1);
}

/**
 * For each place of a window, row by row, the cells that all windows have there: x `[batch, …, channels]` →
 * `[batch, …, channels]` of the size of the output each.
 *
 * @param fill - of the padding.
 */
export function cellsByPlace(
  graph: KernelGraph,
  x: TracedValue,
  windows: readonly Window[],
  fill = 0,
): TracedValue[] {
  const borders = windows.map(({ before, after }) => [Math.max(before, 0), Math.max(after, 0)] as const);
  const padded = padAxes(graph, x, [[0, 0], ...borders, [0, 0]], fill);
  return placesOf(windows).map((place) =>
    sliceAxes(graph, padded, [
      wholeAxis,
      ...windows.map((window, axis) => cellsAt(window, place[axis] ?? 0, padded.dims[axis + 1] ?? 0)),
    ]),
  );
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

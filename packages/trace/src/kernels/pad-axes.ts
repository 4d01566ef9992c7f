/** Borders of a value: of one number, or its own elements mirrored. */

import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { sliceAxes, toEnd, wholeAxis } from "./slice-axes.ts";

/** `[before, after]` of each axis. */
export type Paddings = readonly (readonly [number, number])[];

/** Nothing is appended when no axis has a border. */
export function padAxes(graph: KernelGraph, x: TracedValue, paddings: Paddings, value = 0): TracedValue {
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
  const pads = graph.ints([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
  const fill = x.dtype === "int32" ? Math.trunc(value) : value;
  // Zeros are what Pad writes when told nothing.
  return graph.node("Pad", fill === 0 ? [x, pads] : [x, pads, graph.scalar(fill, x.dtype)]);
}

/**
 * Axis by axis: the first and last elements in reverse order around the rest. Pad of ONNX knows "reflect" for floats
 * only, and no "symmetric".
 *
 * @param skip - 1 = the edge itself is not repeated ("reflect"), 0 = it is ("symmetric").
 */
export function mirrorAxes(graph: KernelGraph, x: TracedValue, paddings: Paddings, skip: 0 | 1): TracedValue {
  return paddings.reduce((padded, [before, after], axis) => {
    const part = (start: number, end: number) =>
      sliceAxes(
        graph,
        padded,
        padded.dims.map((_, at) => (at === axis ? { start, end, step: -1 } : wholeAxis)),
      );
    const parts = [
      ...(before > 0 ? [part(before - 1 + skip, skip === 1 ? 0 : -toEnd)] : []),
      padded,
      ...(after > 0 ? [part(-1 - skip, -1 - skip - after)] : []),
    ];
    return parts.length === 1 ? padded : graph.node("Concat", parts, { axis });
  }, x);
}

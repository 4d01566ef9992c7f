/** Slices in the notation of Python, with steps, new axes and axes that vanish. */
import * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { type Range, sliceAxes, toEnd } from "./slice-axes.ts";

/** Bit i of a mask is about entry i of `begin`, `end` and `strides`. */
export interface StridedSliceAttrs {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

/** Axes are dropped and added as such, not by Reshape: the size of every second element follows no formula. */
export function stridedSlice(graph: KernelGraph, x: TracedValue, attrs: StridedSliceAttrs): TracedValue {
  const { begin, end, strides } = tf.slice_util.sliceInfo(
    [...x.dims],
    attrs.begin,
    attrs.end,
    attrs.strides,
    attrs.beginMask,
    attrs.endMask,
    attrs.ellipsisMask,
    attrs.newAxisMask,
    attrs.shrinkAxisMask,
  );
  const ranges = begin.map((from, axis): Range => {
    const step = strides[axis] ?? 1;
    const [size, to] = [x.dims[axis] ?? 0, end[axis] ?? 0];
    if (step > 0) return { start: from, end: to === size ? toEnd : to, step };
    // −1 would be the last place again, and so "before the first" has a number of its own.
    return { start: from === size - 1 ? toEnd : from, end: to < 0 ? -toEnd : to, step };
  });
  const { dropped, added } = changedAxes(attrs, x.dims.length);
  const kept = sliceAxes(graph, x, ranges);
  const fewer = dropped.length === 0 ? kept : graph.node("Squeeze", [kept, graph.ints(dropped)]);
  return added.length === 0 ? fewer : graph.node("Unsqueeze", [fewer, graph.ints(added)]);
}

/** Axes of x that the result does not have, and axes of the result that x does not have. */
function changedAxes(
  { strides, ellipsisMask, newAxisMask, shrinkAxisMask }: StridedSliceAttrs,
  rank: number,
) {
  const has = (mask: number, at: number) => (mask & (1 << at)) !== 0;
  const entries = strides.map((_, at) =>
    has(ellipsisMask, at)
      ? "ellipsis"
      : has(newAxisMask, at)
        ? "added"
        : has(shrinkAxisMask, at)
          ? "dropped"
          : "kept",
  );
  if (!entries.includes("ellipsis")) entries.push("ellipsis");
  const named = entries.filter((entry) => entry === "dropped" || entry === "kept").length;
  const all = entries.flatMap((entry) =>
    entry === "ellipsis" ? new Array<"kept">(rank - named).fill("kept") : [entry],
  );
  const places = (list: readonly string[], kind: string) =>
    list.flatMap((entry, at) => (entry === kind ? [at] : []));
  return {
    dropped: places(
      all.filter((entry) => entry !== "added"),
      "dropped",
    ),
    added: places(
      all.filter((entry) => entry !== "dropped"),
      "added",
    ),
  };
}

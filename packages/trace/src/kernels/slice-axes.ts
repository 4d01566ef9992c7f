/** The Slice node: part of each axis. */

import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";

/** From `start`, inclusive, to `end`, exclusive, by `step`, which may be negative. Counted from the end below 0. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Past the last place of any axis, whatever its size; negated, before the first. */
export const toEnd = 2 ** 31 - 1;

export const wholeAxis: Range = { start: 0, end: toEnd, step: 1 };
export const reversedAxis: Range = { start: toEnd, end: -toEnd, step: -1 };

/** Axes that are taken whole are left out; nothing is appended when all of them are. */
export function sliceAxes(graph: KernelGraph, x: TracedValue, ranges: readonly Range[]): TracedValue {
  const cut = [...ranges.entries()].filter(
    ([, { start, end, step }]) => start !== 0 || end !== toEnd || step !== 1,
  );
  if (cut.length === 0) return x;
  const list = (pick: (range: Range) => number) => graph.ints(cut.map(([, range]) => pick(range)));
  const inputs = [
    x,
    list(({ start }) => start),
    list(({ end }) => end),
    graph.ints(cut.map(([axis]) => axis)),
  ];
  const isStrided = cut.some(([, { step }]) => step !== 1);
  return graph.node("Slice", isStrided ? [...inputs, list(({ step }) => step)] : inputs);
}

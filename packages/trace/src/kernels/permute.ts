/** Axes in another order. */

import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";

/** x with axis `order[i]` as axis i. Where only axes of size 1 move, no element does: a Reshape, which copies nothing. */
export function permute(graph: KernelGraph, x: TracedValue, order: readonly number[]): TracedValue {
  const moved = order.filter((axis) => x.dims[axis] !== 1);
  const isReshape = moved.every((axis, at) => at === 0 || axis > (moved[at - 1] ?? 0));
  return isReshape
    ? graph.reshape(
        x,
        order.map((axis) => x.dims[axis] ?? 1),
      )
    : graph.transpose(x, order);
}

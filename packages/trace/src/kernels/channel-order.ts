/** tfjs keeps channels last, ONNX wants them second. */

import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { permute } from "./permute.ts";

function spatialAxes(x: TracedValue, first: number): number[] {
  return Array.from({ length: x.dims.length - 2 }, (_, at) => at + first);
}

/** `[batch, …, channels]` → `[batch, channels, …]`. */
export function channelsFirst(graph: KernelGraph, x: TracedValue): TracedValue {
  return permute(graph, x, [0, x.dims.length - 1, ...spatialAxes(x, 1)]);
}

/** `[batch, channels, …]` → `[batch, …, channels]`. */
export function channelsLast(graph: KernelGraph, x: TracedValue): TracedValue {
  return permute(graph, x, [0, ...spatialAxes(x, 2), 1]);
}

/** `[…, in, out]` → `[out, in, …]`. */
export function filterFirst(graph: KernelGraph, filter: TracedValue): TracedValue {
  const rank = filter.dims.length;
  return permute(graph, filter, [rank - 1, rank - 2, ...spatialAxes(filter, 0)]);
}

/** Brings a value that broadcasts to `[batch, …, channels]` into the order of `[batch, channels, …]`. */
export function alignToChannels(graph: KernelGraph, value: TracedValue, rank: number): TracedValue {
  const { dims } = value;
  if (dims.every((dim) => dim === 1)) return value;
  if (dims.length === 1) return graph.reshape(value, [...dims, ...new Array<number>(rank - 2).fill(1)]);
  const full = graph.reshape(value, [...new Array<number>(rank - dims.length).fill(1), ...dims]);
  return channelsFirst(graph, full);
}

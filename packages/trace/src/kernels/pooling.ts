/** Pools over any number of spatial axes, with channels second. */
import * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { Attributes, TracedValue } from "../recorder/traced-value.ts";
import {
  cropUnseen,
  isEmpty,
  refuseEmptyWindows,
  type Window,
  windowAttributes,
  windowsOf2d,
  windowsOf3d,
  withinInput,
} from "./windows.ts";

type Dims4 = [number, number, number, number];
type Dims5 = [number, number, number, number, number];
type PoolAttrs2d = Pick<tf.MaxPoolAttrs, "filterSize" | "strides" | "pad"> &
  Partial<Pick<tf.MaxPoolAttrs, "dimRoundingMode">>;
type PoolAttrs3d = Pick<tf.MaxPool3DAttrs, "filterSize" | "strides" | "pad"> &
  Partial<Pick<tf.MaxPool3DAttrs, "dimRoundingMode">>;

export function poolWindows2d(x: TracedValue, attrs: PoolAttrs2d): readonly Window[] {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  return windowsOf2d(
    tf.backend_util.computePool2DInfo(x.dims as Dims4, filterSize, strides, 1, pad, dimRoundingMode),
  );
}

export function poolWindows3d(x: TracedValue, attrs: PoolAttrs3d): readonly Window[] {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  return windowsOf3d(
    tf.backend_util.computePool3DInfo(x.dims as Dims5, filterSize, strides, 1, pad, dimRoundingMode),
  );
}

/** Ops around the pool itself that these functions may append. */
export const poolOps: readonly string[] = ["Transpose", "Reshape", "Expand"];

/** Whether each window is one cell of its own. */
export function isIdentity({ kernel, input, output, before }: Window): boolean {
  return kernel === 1 && input === output && before === 0;
}

/** `[batch, channels, …]` → `[batch, channels, …]`, of x's dtype. */
export function maxPool(graph: KernelGraph, x: TracedValue, windows: readonly Window[]): TracedValue {
  if (isEmpty(windows)) return emptyPool(graph, x, windows);
  const given = cropUnseen(graph, toFloats(graph, x), windows);
  return graph.cast(graph.node("MaxPool", [given], poolAttributes(graph, windows)), x.dtype);
}

/** The values, and where in the flattened x (int64) the first of each window's largest is. */
export function maxPoolIndices(
  graph: KernelGraph,
  x: TracedValue,
  windows: readonly Window[],
): readonly [TracedValue, TracedValue] {
  const [y, indices] = graph.nodes("MaxPool", [toFloats(graph, x)], 2, poolAttributes(graph, windows));
  return [graph.cast(y as TracedValue, x.dtype), indices as TracedValue];
}

/** `[batch, channels, …]` → `[batch, channels, …]`; padding does not count. */
export function averagePool(graph: KernelGraph, x: TracedValue, windows: readonly Window[]): TracedValue {
  if (isEmpty(windows)) return emptyPool(graph, x, windows);
  return graph.node("AveragePool", [cropUnseen(graph, x, windows)], poolAttributes(graph, windows));
}

/** MaxPool of ONNX Runtime knows no int32 and no bool: both are exact in these floats. */
function toFloats(graph: KernelGraph, x: TracedValue): TracedValue {
  return x.dtype === "float32" ? x : graph.cast(x, x.dtype === "bool" ? "float32" : "float64");
}

function emptyPool(graph: KernelGraph, x: TracedValue, windows: readonly Window[]): TracedValue {
  const dims = [...x.dims.slice(0, 2), ...windows.map(({ output }) => output)];
  return graph.expand(graph.scalar(0, x.dtype), dims);
}

function poolAttributes(graph: KernelGraph, windows: readonly Window[]): Attributes {
  const within = windows.map(withinInput);
  refuseEmptyWindows(graph, within);
  return { kernel_shape: windows.map(({ kernel }) => kernel), ...windowAttributes(within) };
}

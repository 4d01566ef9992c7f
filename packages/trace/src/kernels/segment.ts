/** Segments and bins: counts, and sums of chosen rows. */

import { float32Tensor, int32Tensor, int64Tensor } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { anyDtype, defineKernel, type Kernel, numbers } from "./define.ts";
import { sliceAxes, wholeAxis } from "./slice-axes.ts";

/** The numbers of an input that decides about shapes. */
function knownNumbers(graph: KernelGraph, value: TracedValue, what: string): number[] {
  const tensor = value.known?.();
  if (tensor === undefined) {
    return graph.refuse(`the shape of its result hangs on ${what}; give ${what} as a constant`);
  }
  return Array.from(tensor.data, Number);
}

/** Counts along the last axis: `x [..., count]` → `[..., size]`. Numbers of `size` and above are left out. */
function countBins(
  graph: KernelGraph,
  x: TracedValue,
  weights: TracedValue,
  size: number,
  isBinary: boolean,
): TracedValue {
  const { dtype } = weights;
  const axis = x.dims.length - 1;
  // What is left out falls into one bin more, which is cut off.
  const bins = graph.node("Min", [x, graph.scalar(size, "int32")]);
  const target = graph.expand(graph.scalar(0, dtype), [...x.dims.slice(0, -1), size + 1]);
  const isWeighted = tf.util.sizeFromShape([...weights.dims]) > 0 && !isBinary;
  const added = isWeighted ? graph.reshape(weights, x.dims) : graph.expand(graph.scalar(1, dtype), x.dims);
  const counts = graph.node("ScatterElements", [target, bins, added], {
    axis,
    reduction: isBinary ? "none" : "add",
  });
  return sliceAxes(
    graph,
    counts,
    x.dims.map((_, at) => (at === axis ? { start: 0, end: size, step: 1 } : wholeAxis)),
  );
}

interface SegmentInputs {
  readonly data: tf.TensorInfo;
  readonly indices: tf.TensorInfo;
  readonly segmentIds: tf.TensorInfo;
}

function sparseSegment(kernel: string, isMean: boolean): Kernel {
  return defineKernel<SegmentInputs>({
    kernel,
    emits: ["Gather", "Expand", "ScatterND", ...(isMean ? ["Div"] : [])],
    dtypes: numbers,
    shapes: "data [size, inner...], indices [count], segmentIds [count] → [last id + 1, inner...]",
    note: "The segment ids must be a constant: the size of the result hangs on them.",
    trace({ inputs: { data, indices, segmentIds }, graph }) {
      const ids = knownNumbers(graph, segmentIds, "segmentIds");
      const count = ids.length === 0 ? 0 : (ids.at(-1) ?? 0) + 1;
      const inner = data.dims.slice(1);
      const target = graph.expand(graph.scalar(0, data.dtype), [count, ...inner]);
      if (ids.length === 0) return target;
      const rows = graph.node("Gather", [data, indices], { axis: 0 });
      const places = graph.constant(int64Tensor(ids, [ids.length, 1]));
      const sums = graph.node("ScatterND", [target, places, rows], { reduction: "add" });
      if (!isMean) return sums;
      // An empty segment is 0 / 1.
      const counts = Array.from({ length: count }, (_, id) =>
        Math.max(1, ids.filter((other) => other === id).length),
      );
      const dims = [count, ...inner.map(() => 1)];
      const divisor = data.dtype === "int32" ? int32Tensor(counts, dims) : float32Tensor(counts, dims);
      return graph.node("Div", [sums, graph.constant(divisor)]);
    },
  });
}

/** Row-major strides. */
function stridesOf(dims: readonly number[]): number[] {
  return dims.map((_, axis) => tf.util.sizeFromShape(dims.slice(axis + 1)));
}

export const segmentKernels: readonly Kernel[] = [
  defineKernel<{ x: tf.TensorInfo; weights: tf.TensorInfo }, { size: number }>({
    kernel: "Bincount",
    emits: ["Min", "Expand", "Reshape", "ScatterElements", "Slice"],
    dtypes: anyDtype,
    shapes: "x [count], weights [count] or [0] → [size]",
    note: "A negative number is an error in tfjs; in ONNX Runtime it counts from the end.",
    trace: ({ inputs: { x, weights }, attrs: { size }, graph }) =>
      countBins(graph, graph.reshape(x, [tf.util.sizeFromShape([...x.dims])]), weights, size, false),
  }),
  defineKernel<{ x: tf.TensorInfo; weights: tf.TensorInfo }, { size: number; binaryOutput?: boolean }>({
    kernel: "DenseBincount",
    emits: ["Min", "Expand", "Reshape", "ScatterElements", "Slice"],
    dtypes: anyDtype,
    shapes: "x [count] or [rows, count], weights like x or [0] → [size] or [rows, size]",
    note: "A negative number is an error in tfjs; in ONNX Runtime it counts from the end.",
    trace: ({ inputs: { x, weights }, attrs: { size, binaryOutput = false }, graph }) =>
      // tfjs counts a vector in full whatever binaryOutput says.
      countBins(graph, x, weights, size, binaryOutput && x.dims.length > 1),
  }),
  sparseSegment("SparseSegmentSum", false),
  sparseSegment("SparseSegmentMean", true),
  defineKernel<{ inputIndices: tf.TensorInfo; inputShape: tf.TensorInfo; newShape: tf.TensorInfo }>({
    kernel: "SparseReshape",
    emits: ["Mul", "ReduceSum", "Div", "Mod"],
    dtypes: ["int32"],
    shapes: "inputIndices [count, r], inputShape [r], newShape [s] → [count, s], [s]",
    note: "Both shapes must be constants.",
    trace({ inputs: { inputIndices, inputShape, newShape }, graph }) {
      const from = knownNumbers(graph, inputShape, "inputShape");
      const wanted = knownNumbers(graph, newShape, "newShape");
      const to = tf.util.inferFromImplicitShape(wanted, tf.util.sizeFromShape(from));
      const vector = (values: readonly number[]) => graph.constant(int32Tensor(values, [values.length]));
      const place = graph.node(
        "ReduceSum",
        [graph.node("Mul", [inputIndices, vector(stridesOf(from))]), graph.ints([1])],
        { keepdims: 1 },
      );
      const indices = graph.node("Mod", [graph.node("Div", [place, vector(stridesOf(to))]), vector(to)]);
      return [indices, vector(to)];
    },
  }),
];

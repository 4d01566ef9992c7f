/** Parts of tensors, and tensors joined to one. */
import * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { anyDtype, defineKernel, type Kernel } from "./define.ts";
import { type Range, sliceAxes, toEnd } from "./slice-axes.ts";
import { type StridedSliceAttrs, stridedSlice } from "./strided-slice.ts";

type Variadic = Record<string, tf.TensorInfo>;

/** Variadic inputs in their order. */
function listInputs(inputs: Readonly<Record<string, TracedValue>>): TracedValue[] {
  return Object.values(inputs);
}

/** x with a new axis of size 1. */
function addAxis(graph: KernelGraph, x: TracedValue, axis: number): TracedValue {
  return graph.reshape(x, x.dims.toSpliced(axis, 0, 1));
}

function joinAlong(graph: KernelGraph, parts: readonly TracedValue[], axis: number): TracedValue {
  const [first] = parts as readonly [TracedValue, ...TracedValue[]];
  if (parts.length === 1) return first;
  // tfjs writes into an array of the first dtype.
  return graph.node(
    "Concat",
    parts.map((part) => graph.cast(part, first.dtype)),
    { axis },
  );
}

function splitAlong(
  graph: KernelGraph,
  x: TracedValue,
  sizes: readonly number[],
  axis: number,
): readonly TracedValue[] {
  return sizes.length === 1 ? [x] : graph.nodes("Split", [x, graph.ints(sizes)], sizes.length, { axis });
}

export const sliceKernels: readonly Kernel[] = [
  defineKernel<{ x: tf.TensorInfo }, { begin: number | number[]; size: number | number[] }>({
    kernel: "Slice",
    emits: ["Slice"],
    dtypes: anyDtype,
    shapes: "x [...] → size",
    trace({ inputs: { x }, attrs: { begin, size }, graph }) {
      const info = { shape: [...x.dims], dtype: x.dtype, dataId: {} } as tf.TensorInfo;
      const [starts, sizes] = tf.slice_util.parseSliceParams(info, begin, size) as [number[], number[]];
      const ranges = starts.map((start, axis): Range => {
        const end = start + (sizes[axis] ?? 0);
        return { start, end: end === x.dims[axis] ? toEnd : end, step: 1 };
      });
      return sliceAxes(graph, x, ranges);
    },
  }),
  defineKernel<{ x: tf.TensorInfo }, StridedSliceAttrs>({
    kernel: "StridedSlice",
    emits: ["Slice", "Squeeze", "Unsqueeze"],
    dtypes: anyDtype,
    shapes: "x [...] → the range of each axis, new axes of size 1, without the axes of one index",
    trace: ({ inputs: { x }, attrs, graph }) => stridedSlice(graph, x, attrs),
  }),
  defineKernel<{ x: tf.TensorInfo }, { numOrSizeSplits: number | number[]; axis: number }>({
    kernel: "SplitV",
    emits: ["Split"],
    dtypes: anyDtype,
    shapes: "x [..., size, ...] → parts along the axis",
    trace({ inputs: { x }, attrs: { numOrSizeSplits, axis }, graph }) {
      const info = { shape: [...x.dims], dtype: x.dtype, dataId: {} } as tf.TensorInfo;
      const at = tf.util.parseAxisParam(axis, info.shape)[0] as number;
      return splitAlong(graph, x, tf.backend_util.prepareSplitSize(info, numOrSizeSplits, at), at);
    },
  }),
  defineKernel<{ value: tf.TensorInfo }, { axis: number }>({
    kernel: "Unpack",
    emits: ["Split", "Reshape"],
    dtypes: anyDtype,
    shapes: "value [..., count, ...] → count parts without the axis",
    trace({ inputs: { value }, attrs: { axis }, graph }) {
      const at = tf.util.parseAxisParam(axis, [...value.dims])[0] as number;
      const sizes = new Array<number>(value.dims[at] ?? 0).fill(1);
      return splitAlong(graph, value, sizes, at).map((part) =>
        graph.reshape(part, value.dims.toSpliced(at, 1)),
      );
    },
  }),
  defineKernel<Variadic, { axis: number }>({
    kernel: "Pack",
    emits: ["Reshape", "Concat"],
    dtypes: anyDtype,
    shapes: "count × [...] → [..., count, ...]",
    trace({ inputs, attrs: { axis }, graph }) {
      const parts = listInputs(inputs);
      const at = axis < 0 ? axis + (parts[0]?.dims.length ?? 0) + 1 : axis;
      return joinAlong(
        graph,
        parts.map((part) => addAxis(graph, part, at)),
        at,
      );
    },
  }),
  defineKernel<Variadic, { axis: number }>({
    kernel: "Concat",
    emits: ["Cast", "Concat"],
    dtypes: anyDtype,
    shapes: "[..., a, ...], [..., b, ...], … → [..., a + b + …, ...]",
    trace({ inputs, attrs: { axis }, graph }) {
      const parts = listInputs(inputs);
      return joinAlong(graph, parts, tf.util.parseAxisParam(axis, [...(parts[0]?.dims ?? [])])[0] as number);
    },
  }),
];

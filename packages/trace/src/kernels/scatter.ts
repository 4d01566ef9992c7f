/** Values written or added at places given by index. */
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { anyDtype, defineKernel, type Kernel, numbers } from "./define.ts";
import { areInRange } from "./index-range.ts";

function zeros(graph: KernelGraph, dims: readonly number[], dtype: TracedValue["dtype"]): TracedValue {
  return graph.expand(graph.scalar(0, dtype), dims);
}

/** Indices as ONNX wants them: int64, and one row for each update, `[..., r]`. */
function toRows(graph: KernelGraph, indices: TracedValue): TracedValue {
  const rows = indices.dims.length > 1 ? indices : graph.reshape(indices, [...indices.dims, 1]);
  return graph.cast(rows.dims.length > 1 ? rows : graph.reshape(rows, [1, 1]), "int64");
}

/** Updates as ONNX wants them: one slice of the target for each row of indices. */
function toUpdates(
  graph: KernelGraph,
  updates: TracedValue,
  rows: TracedValue,
  target: readonly number[],
): TracedValue {
  const wanted = [...rows.dims.slice(0, -1), ...target.slice(rows.dims.at(-1))];
  // tfjs takes one number for all of them.
  return updates.dims.length === 0 ? graph.expand(updates, wanted) : graph.reshape(updates, wanted);
}

/**
 * Adds the slices of x at their segments; ids outside are left out.
 *
 * @param ids - `[rows]`
 */
function sumSegments(graph: KernelGraph, x: TracedValue, ids: TracedValue, count: number): TracedValue {
  let [values, places] = [x, ids];
  if (!areInRange(ids, count)) {
    const isInside = graph.node("And", [
      graph.node("GreaterOrEqual", [ids, graph.scalar(0, "int32")]),
      graph.node("Less", [ids, graph.scalar(count, "int32")]),
    ]);
    const isKept = graph.reshape(isInside, [...ids.dims, ...x.dims.slice(1).map(() => 1)]);
    values = graph.node("Where", [isKept, x, graph.scalar(0, x.dtype)]);
    places = graph.node("Where", [isInside, ids, graph.scalar(0, "int32")]);
  }
  const target = zeros(graph, [count, ...x.dims.slice(1)], x.dtype);
  return graph.node("ScatterND", [target, toRows(graph, places), values], { reduction: "add" });
}

export const scatterKernels: readonly Kernel[] = [
  defineKernel<{ indices: tf.TensorInfo; updates: tf.TensorInfo }, { shape: number[] }>({
    kernel: "ScatterNd",
    emits: ["Expand", "Reshape", "Cast", "ScatterND"],
    dtypes: numbers,
    shapes: "indices [at..., r], updates [at..., inner...] → shape [d₁, …, dᵣ, inner...]",
    note: "Updates of one place are added. An index outside its axis is an error.",
    trace({ inputs: { indices, updates }, attrs: { shape }, graph }) {
      const rows = toRows(graph, indices);
      const target = zeros(graph, shape, updates.dtype);
      return graph.node("ScatterND", [target, rows, toUpdates(graph, updates, rows, shape)], {
        reduction: "add",
      });
    },
  }),
  defineKernel<{ tensor: tf.TensorInfo; indices: tf.TensorInfo; updates: tf.TensorInfo }>({
    kernel: "TensorScatterUpdate",
    emits: ["Reshape", "Cast", "ScatterND"],
    dtypes: anyDtype,
    shapes: "tensor [d₁, …, dᵣ, inner...], indices [at..., r], updates [at..., inner...] → tensor",
    note: "Of several updates of one place the last wins in tfjs; ONNX leaves it open which.",
    trace({ inputs: { tensor, indices, updates }, graph }) {
      const rows = toRows(graph, indices);
      return graph.node("ScatterND", [tensor, rows, toUpdates(graph, updates, rows, tensor.dims)]);
    },
  }),
  defineKernel<
    { sparseIndices: tf.TensorInfo; sparseValues: tf.TensorInfo; defaultValue: tf.TensorInfo },
    { outputShape: number[] }
  >({
    kernel: "SparseToDense",
    emits: ["Expand", "Reshape", "Cast", "ScatterND"],
    dtypes: anyDtype,
    shapes: "sparseIndices [count, r], sparseValues [count] or [] → outputShape",
    trace({ inputs: { sparseIndices, sparseValues, defaultValue }, attrs: { outputShape }, graph }) {
      const rows = toRows(graph, sparseIndices);
      const target = graph.expand(defaultValue, outputShape);
      return graph.node("ScatterND", [target, rows, toUpdates(graph, sparseValues, rows, outputShape)]);
    },
  }),
  defineKernel<{ x: tf.TensorInfo; segmentIds: tf.TensorInfo }, { numSegments: number }>({
    kernel: "UnsortedSegmentSum",
    emits: ["Cast", "Expand", "Reshape", "GreaterOrEqual", "Less", "And", "Where", "ScatterND"],
    dtypes: anyDtype,
    shapes: "x [rows, inner...], segmentIds [rows] → [numSegments, inner...]",
    note: "Rows whose id is outside 0 … numSegments − 1 are left out. The sums are float32.",
    trace: ({ inputs: { x, segmentIds }, attrs: { numSegments }, graph }) =>
      segmentIds.dims.length === 1
        ? sumSegments(graph, graph.cast(x, "float32"), segmentIds, numSegments)
        : graph.refuse("segment ids of more than one axis are not supported; flatten them and x"),
  }),
];

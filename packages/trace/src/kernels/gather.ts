/** Elements and slices chosen by index. */
import * as tf from "@tensorflow/tfjs-core";
import { anyDtype, defineKernel, type Kernel } from "./define.ts";
import { noteIndices } from "./index-range.ts";

export const gatherKernels: readonly Kernel[] = [
  defineKernel<{ x: tf.TensorInfo; indices: tf.TensorInfo }, { axis: number; batchDims?: number }>({
    kernel: "GatherV2",
    emits: ["Gather", "GatherND", "Reshape", "Expand", "Cast"],
    dtypes: anyDtype,
    shapes:
      "x [batch..., outer..., size, inner...], indices [batch..., at...] → [batch..., outer..., at..., inner...]",
    note: "An index outside 0 … size − 1 is an error in tfjs. In ONNX Runtime −size … −1 count from the end.",
    trace({ inputs: { x, indices }, attrs: { axis, batchDims = 0 }, graph }) {
      const at = tf.util.parseAxisParam(axis, [...x.dims])[0] as number;
      const batch = batchDims < 0 ? batchDims + indices.dims.length : batchDims;
      noteIndices(indices, x.dims[at] as number);
      if (batch === 0) return graph.node("Gather", [x, indices], { axis: at });
      // GatherND counts the axes before the gathered one as batch: the indices are repeated for the outer axes.
      const outer = x.dims.slice(batch, at);
      const [shared, own] = [indices.dims.slice(0, batch), indices.dims.slice(batch)];
      const lined = graph.reshape(indices, [...shared, ...outer.map(() => 1), ...own, 1]);
      const repeated = graph.expand(lined, [...shared, ...outer, ...own, 1]);
      return graph.node("GatherND", [x, graph.cast(repeated, "int64")], { batch_dims: at });
    },
  }),
  defineKernel<{ params: tf.TensorInfo; indices: tf.TensorInfo }>({
    kernel: "GatherNd",
    emits: ["Cast", "GatherND"],
    dtypes: anyDtype,
    shapes: "params [d₁, …, dᵣ, inner...], indices [at..., r] → [at..., inner...]",
    note: "An index outside its axis is an error in tfjs. In ONNX Runtime −size … −1 count from the end.",
    trace: ({ inputs: { params, indices }, graph }) =>
      graph.node("GatherND", [params, graph.cast(indices, "int64")]),
  }),
];

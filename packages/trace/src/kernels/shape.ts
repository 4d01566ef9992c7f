/** The same elements in another shape or order, or more than once. */
import * as tf from "@tensorflow/tfjs-core";
import { anyDtype, defineKernel, type Kernel } from "./define.ts";
import { permute } from "./permute.ts";
import { reversedAxis, sliceAxes, wholeAxis } from "./slice-axes.ts";

type Unary = { x: tf.TensorInfo };

export const shapeKernels: readonly Kernel[] = [
  defineKernel<Unary, { shape: number[] }>({
    kernel: "Reshape",
    emits: ["Reshape"],
    dtypes: anyDtype,
    shapes: "any shape of as many elements",
    trace: ({ inputs: { x }, attrs: { shape }, graph }) =>
      graph.reshape(x, tf.util.inferFromImplicitShape(shape, tf.util.sizeFromShape([...x.dims]))),
  }),
  defineKernel<{ input: tf.TensorInfo }, { dim: number }>({
    kernel: "ExpandDims",
    emits: ["Reshape"],
    dtypes: anyDtype,
    shapes: "input with an axis of size 1 more",
    trace: ({ inputs: { input }, attrs: { dim }, graph }) =>
      graph.reshape(input, input.dims.toSpliced(dim < 0 ? dim + input.dims.length + 1 : dim, 0, 1)),
  }),
  defineKernel<Unary, { perm: number[] }>({
    kernel: "Transpose",
    emits: ["Transpose", "Reshape"],
    dtypes: anyDtype,
    shapes: "x with its axes in the order of perm",
    trace: ({ inputs: { x }, attrs: { perm }, graph }) => permute(graph, x, perm),
  }),
  defineKernel<Unary, { reps: number[] }>({
    kernel: "Tile",
    emits: ["Tile", "Expand"],
    dtypes: anyDtype,
    shapes: "x [d₁, d₂, …] → [d₁ · reps₁, d₂ · reps₂, …]",
    trace({ inputs: { x }, attrs: { reps }, graph }) {
      if (reps.every((count) => count === 1)) return x;
      // Expand may vanish where the next op broadcasts by itself.
      const isExpand = reps.every((count, axis) => count === 1 || (x.dims[axis] === 1 && count > 0));
      return graph.node(isExpand ? "Expand" : "Tile", [x, graph.ints(reps)]);
    },
  }),
  defineKernel<Unary, { dims: number | number[] }>({
    kernel: "Reverse",
    emits: ["Slice"],
    dtypes: anyDtype,
    shapes: "x",
    trace({ inputs: { x }, attrs: { dims }, graph }) {
      const axes = tf.util.parseAxisParam(dims, [...x.dims]);
      return sliceAxes(
        graph,
        x,
        x.dims.map((_, axis) => (axes.includes(axis) ? reversedAxis : wholeAxis)),
      );
    },
  }),
  defineKernel<{ s0: tf.TensorInfo; s1: tf.TensorInfo }>({
    kernel: "BroadcastArgs",
    emits: ["Expand", "Concat", "Equal", "Where"],
    dtypes: ["int32"],
    shapes: "shapes [r], [s] → [max(r, s)]",
    note: "Shapes that do not broadcast are an error in tfjs; in the graph the first one wins.",
    trace({ inputs: { s0, s1 }, graph }) {
      const rank = Math.max(s0.dims[0] ?? 0, s1.dims[0] ?? 0);
      const one = graph.scalar(1, "int32");
      const [a, b] = [s0, s1].map((shape) => {
        const missing = rank - (shape.dims[0] ?? 0);
        return missing === 0
          ? shape
          : graph.node("Concat", [graph.expand(one, [missing]), shape], { axis: 0 });
      });
      return graph.node("Where", [graph.node("Equal", [a, one]), b, a]);
    },
  }),
];

/** Sums, means, extremes along axes. */
import * as tf from "@tensorflow/tfjs-core";
import { defineKernel, type Kernel, numbers } from "./define.ts";

export const reductionKernels: readonly Kernel[] = [
  defineKernel<{ x: tf.TensorInfo }, { axis?: number | number[]; keepDims?: boolean }>({
    kernel: "Sum",
    emits: ["ReduceSum"],
    dtypes: numbers,
    shapes: "x without the axes, or with 1 in their place",
    trace({ inputs: { x }, attrs: { axis, keepDims }, graph }) {
      const axes = tf.util.parseAxisParam(axis ?? x.dims.map((_, at) => at), [...x.dims]);
      if (axes.length === 0) return x;
      return graph.node("ReduceSum", [x, graph.ints(axes)], { keepdims: keepDims ? 1 : 0 });
    },
  }),
];

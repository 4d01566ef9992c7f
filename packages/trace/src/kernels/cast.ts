/** Changes of dtype, copies and limits. */
import type * as tf from "@tensorflow/tfjs-core";
import { anyDtype, defineKernel, type Kernel, type TfDtype } from "./define.ts";

type Unary = { x: tf.TensorInfo };

export const castKernels: readonly Kernel[] = [
  defineKernel<Unary>({
    kernel: "Identity",
    emits: [],
    dtypes: anyDtype,
    shapes: "x",
    trace: ({ inputs: { x } }) => x,
  }),
  defineKernel<Unary, { dtype: TfDtype }>({
    kernel: "Cast",
    emits: ["Cast"],
    dtypes: anyDtype,
    shapes: "x",
    trace: ({ inputs: { x }, attrs: { dtype }, graph }) => graph.cast(x, dtype),
  }),
];

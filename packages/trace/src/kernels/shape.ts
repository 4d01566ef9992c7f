/** The same elements in another shape or order. */
import * as tf from "@tensorflow/tfjs-core";
import { anyDtype, defineKernel, type Kernel } from "./define.ts";

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
  defineKernel<Unary, { perm: number[] }>({
    kernel: "Transpose",
    emits: ["Transpose"],
    dtypes: anyDtype,
    shapes: "x with its axes in the order of perm",
    trace: ({ inputs: { x }, attrs: { perm }, graph }) => graph.transpose(x, perm),
  }),
];

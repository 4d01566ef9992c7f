/** Tensors made from nothing but a shape. */
import type * as tf from "@tensorflow/tfjs-core";
import { anyDtype, defineKernel, type Kernel, type TfDtype } from "./define.ts";

function like(kernel: string, value: number): Kernel {
  return defineKernel<{ x: tf.TensorInfo }>({
    kernel,
    emits: ["Expand"],
    dtypes: anyDtype,
    shapes: "x",
    trace: ({ inputs: { x }, graph }) => graph.expand(graph.scalar(value, x.dtype as TfDtype), x.dims),
  });
}

export const creationKernels: readonly Kernel[] = [like("ZerosLike", 0), like("OnesLike", 1)];

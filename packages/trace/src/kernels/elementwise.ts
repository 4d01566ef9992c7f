/** Arithmetic between tensors, element by element, with numpy's broadcasting. */
import type * as tf from "@tensorflow/tfjs-core";
import { defineKernel, type Kernel, numbers, type TfDtype } from "./define.ts";

type Binary = { a: tf.TensorInfo; b: tf.TensorInfo };

function binary(kernel: string, op: string, dtypes: readonly TfDtype[] = numbers): Kernel {
  return defineKernel<Binary>({
    kernel,
    emits: [op],
    dtypes,
    shapes: "a, b broadcast",
    trace: ({ inputs: { a, b }, graph }) => graph.node(op, [a, b]),
  });
}

export const elementwiseKernels: readonly Kernel[] = [
  binary("Add", "Add"),
  binary("Sub", "Sub"),
  binary("Multiply", "Mul"),
  binary("RealDiv", "Div"),
];

/** Trigonometric and hyperbolic functions. */
import type * as tf from "@tensorflow/tfjs-core";
import { defineKernel, floats, type Kernel } from "./define.ts";

type Unary = { x: tf.TensorInfo };

function unary(kernel: string, op: string): Kernel {
  return defineKernel<Unary>({
    kernel,
    emits: [op],
    dtypes: floats,
    shapes: "x",
    trace: ({ inputs: { x }, graph }) => graph.node(op, [x]),
  });
}

export const trigonometryKernels: readonly Kernel[] = [
  unary("Sin", "Sin"),
  unary("Cos", "Cos"),
  unary("Tanh", "Tanh"),
];

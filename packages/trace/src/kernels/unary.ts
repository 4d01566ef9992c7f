/** Functions of one number, element by element. */
import type * as tf from "@tensorflow/tfjs-core";
import { defineKernel, floats, type Kernel, numbers, type TfDtype } from "./define.ts";

type Unary = { x: tf.TensorInfo };

function unary(kernel: string, op: string, dtypes: readonly TfDtype[] = floats): Kernel {
  return defineKernel<Unary>({
    kernel,
    emits: [op],
    dtypes,
    shapes: "x",
    trace: ({ inputs: { x }, graph }) => graph.node(op, [x]),
  });
}

export const unaryKernels: readonly Kernel[] = [
  unary("Abs", "Abs", numbers),
  unary("Neg", "Neg", numbers),
  unary("Exp", "Exp"),
  unary("Log", "Log"),
  unary("Sqrt", "Sqrt"),
  defineKernel<Unary>({
    kernel: "Square",
    emits: ["Mul"],
    dtypes: numbers,
    shapes: "x",
    trace: ({ inputs: { x }, graph }) => graph.node("Mul", [x, x]),
  }),
];

/** Sums of products along named axes. */
import type * as tf from "@tensorflow/tfjs-core";
import type { TracedValue } from "../recorder/traced-value.ts";
import { defineKernel, type Kernel, numbers } from "./define.ts";

export const einsumKernels: readonly Kernel[] = [
  defineKernel<Record<string, tf.TensorInfo>, { equation: string }>({
    kernel: "Einsum",
    emits: ["Einsum"],
    dtypes: numbers,
    shapes: "one or two tensors → the axes right of the arrow",
    trace: ({ inputs, attrs: { equation }, graph }) =>
      graph.node("Einsum", Object.values<TracedValue>(inputs), { equation: equation.replaceAll(/\s/g, "") }),
  }),
];

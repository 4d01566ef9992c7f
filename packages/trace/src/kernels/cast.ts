/** Changes of dtype, copies and limits. */
import type * as tf from "@tensorflow/tfjs-core";
import { anyDtype, defineKernel, type Kernel, numbers } from "./define.ts";
import { toInt32, toInt32Ops } from "./float-function.ts";

type Unary = { x: tf.TensorInfo };

const int32Range = { low: -(2 ** 31), high: 2 ** 31 - 1 };

function clampToInt32(value: number): number {
  return Math.min(Math.max(Math.trunc(value), int32Range.low), int32Range.high);
}

export const castKernels: readonly Kernel[] = [
  defineKernel<Unary>({
    kernel: "Identity",
    emits: [],
    dtypes: anyDtype,
    shapes: "x",
    trace: ({ inputs: { x } }) => x,
  }),
  defineKernel<Unary, { dtype: tf.DataType }>({
    kernel: "Cast",
    emits: toInt32Ops,
    dtypes: anyDtype,
    shapes: "x",
    note: "What int32 cannot hold becomes 0, NaN too.",
    trace({ inputs: { x }, attrs: { dtype }, graph }) {
      if (dtype === "complex64" || dtype === "string") {
        return graph.refuse(`a graph of ONNX cannot hold ${dtype}; cast to float32, int32 or bool`);
      }
      return dtype === "int32" ? toInt32(x, graph) : graph.cast(x, dtype);
    },
  }),
  defineKernel<Unary, { clipValueMin: number; clipValueMax: number }>({
    kernel: "ClipByValue",
    emits: ["Clip"],
    dtypes: numbers,
    shapes: "x",
    trace({ inputs: { x }, attrs: { clipValueMin, clipValueMax }, graph }) {
      const limits = [clipValueMin, clipValueMax].map((limit) =>
        graph.scalar(x.dtype === "int32" ? clampToInt32(limit) : limit, x.dtype),
      );
      return graph.node("Clip", [x, ...limits]);
    },
  }),
];

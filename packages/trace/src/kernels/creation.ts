/** Tensors made from a shape, a range or classes. */
import { int32Tensor } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import { anyDtype, defineKernel, type Kernel, type TfDtype } from "./define.ts";

function like(kernel: string, value: number): Kernel {
  return defineKernel<{ x: tf.TensorInfo }>({
    kernel,
    emits: ["Expand"],
    dtypes: anyDtype,
    shapes: "x",
    trace: ({ inputs: { x }, graph }) => graph.expand(graph.scalar(value, x.dtype), x.dims),
  });
}

type RangeAttrs = { start: number; stop: number; step: number; dtype: "float32" | "int32" };
type OneHotAttrs = { depth: number; onValue: number; offValue: number; dtype: TfDtype };

export const creationKernels: readonly Kernel[] = [
  like("ZerosLike", 0),
  like("OnesLike", 1),
  defineKernel<object, { shape: number[]; value: number | string; dtype?: tf.DataType }>({
    kernel: "Fill",
    emits: ["Expand"],
    dtypes: anyDtype,
    shapes: "any",
    trace({ attrs: { shape, value, dtype = tf.util.inferDtype(value) }, graph }) {
      if (dtype === "complex64" || dtype === "string") {
        return graph.refuse(`a graph of ONNX cannot hold ${dtype}; fill with float32, int32 or bool`);
      }
      const number = dtype === "int32" ? Math.trunc(Number(value)) : Number(value);
      return graph.expand(graph.scalar(number, dtype), shape);
    },
  }),
  defineKernel<object, RangeAttrs>({
    kernel: "Range",
    emits: ["Range"],
    dtypes: ["float32", "int32"],
    shapes: "[⌈(stop − start) / step⌉]",
    trace({ attrs: { start, stop, step, dtype }, graph }) {
      // tfjs turns a step of 1 round where the range goes down.
      const delta = stop < start && step === 1 ? -1 : step;
      return graph.node(
        "Range",
        [start, stop, delta].map((number) => graph.scalar(number, dtype)),
      );
    },
  }),
  defineKernel<object, { start: number; stop: number; num: number }>({
    kernel: "LinSpace",
    emits: ["Range", "Mul", "Add"],
    dtypes: ["float32"],
    shapes: "[num]",
    trace({ attrs: { start, stop, num }, graph }) {
      const steps = graph.node("Range", [graph.scalar(0), graph.scalar(num), graph.scalar(1)]);
      const scaled = graph.node("Mul", [steps, graph.scalar((stop - start) / Math.max(num - 1, 1))]);
      return graph.node("Add", [scaled, graph.scalar(start)]);
    },
  }),
  defineKernel<{ indices: tf.TensorInfo }, OneHotAttrs>({
    kernel: "OneHot",
    emits: ["Reshape", "Equal", "Cast", "Where"],
    dtypes: ["int32"],
    shapes: "[...] → [..., depth]",
    note: "an index out of range gives a row of offValue",
    trace({ inputs: { indices }, attrs: { depth, onValue, offValue, dtype }, graph }) {
      // Not ONNX's OneHot, which counts negative indices from the end.
      const classes = graph.constant(int32Tensor([...Array(depth).keys()], [depth]));
      const rows = graph.node("Unsqueeze", [indices, graph.ints([-1])]);
      const isHot = graph.node("Equal", [rows, classes]);
      if (onValue === 1 && offValue === 0) return graph.cast(isHot, dtype);
      const values = graph.node("Where", [isHot, graph.scalar(onValue), graph.scalar(offValue)]);
      return graph.cast(values, dtype);
    },
  }),
];

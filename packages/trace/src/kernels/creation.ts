/** Tensors made from a shape, a range or classes. */
import { int32Tensor } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { runOnCpu } from "../run-on-cpu.ts";
import { anyDtype, defineKernel, type Kernel, numbers, type TfDtype } from "./define.ts";

function like(kernel: string, value: number): Kernel {
  return defineKernel<{ x: tf.TensorInfo }>({
    kernel,
    emits: ["Expand"],
    dtypes: anyDtype,
    shapes: "x",
    trace: ({ inputs: { x }, graph }) => graph.expand(graph.scalar(value, x.dtype), x.dims),
  });
}

function range(graph: KernelGraph, start: number, stop: number, step: number, dtype: TfDtype): TracedValue {
  return graph.node(
    "Range",
    [start, stop, step].map((number) => graph.scalar(number, dtype)),
  );
}

/** start, start + step, … of float32. */
function progression(graph: KernelGraph, start: number, step: TracedValue, count: number): TracedValue {
  const places = range(graph, 0, count, 1, "float32");
  return graph.node("Add", [graph.node("Mul", [places, step]), graph.scalar(start)]);
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
    emits: ["Range", "Mul", "Add"],
    dtypes: numbers,
    shapes: "[⌈(stop − start) / step⌉]",
    trace({ attrs: { start, stop, step, dtype }, graph }) {
      // tfjs turns a step of 1 round where the range goes down.
      const delta = stop < start && step === 1 ? -1 : step;
      const isPlain = delta > 0 ? start < stop : stop < start;
      const isWhole = [start, stop, delta].every(Number.isInteger);
      if (isPlain && isWhole) return range(graph, start, stop, delta, dtype);
      if (isPlain && dtype === "float32") {
        return progression(graph, start, graph.scalar(delta), Math.ceil((stop - start) / delta));
      }
      const [values] = runOnCpu("Range", {}, { start, stop, step, dtype });
      return values === undefined ? graph.refuse("tfjs gives no range") : graph.constant(values);
    },
  }),
  defineKernel<object, { start: number; stop: number; num: number }>({
    kernel: "LinSpace",
    emits: ["Range", "Max", "Div", "Mul", "Add"],
    dtypes: ["float32"],
    shapes: "[num]",
    trace({ attrs: { start, stop, num }, graph }) {
      const gaps = graph.node("Max", [graph.scalar(num - 1), graph.scalar(1)]);
      return progression(graph, start, graph.node("Div", [graph.scalar(stop - start), gaps]), num);
    },
  }),
  defineKernel<{ indices: tf.TensorInfo }, OneHotAttrs>({
    kernel: "OneHot",
    emits: ["Unsqueeze", "Equal", "Cast", "Where"],
    dtypes: ["int32"],
    shapes: "[...] → [..., depth]",
    note: "An index out of range gives a row of offValue.",
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

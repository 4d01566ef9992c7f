/** Functions of one number, element by element. */
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { defineKernel, type Kernel, numbers } from "./define.ts";
import { floatFunction, numberFunction } from "./float-function.ts";

type Unary = { x: tf.TensorInfo };

/** An op that has all of tfjs's dtypes. */
function unary(kernel: string, op: string): Kernel {
  return defineKernel<Unary>({
    kernel,
    emits: [op],
    dtypes: numbers,
    shapes: "x",
    trace: ({ inputs: { x }, graph }) => graph.node(op, [x]),
  });
}

/** Near 0, where e^x − 1 would lose digits: 2t / (1 − t) with t = tanh(x / 2). */
function expm1(x: TracedValue, graph: KernelGraph): TracedValue {
  const one = graph.scalar(1);
  const t = graph.node("Tanh", [graph.node("Mul", [x, graph.scalar(0.5)])]);
  const near = graph.node("Div", [graph.node("Add", [t, t]), graph.node("Sub", [one, t])]);
  const far = graph.node("Sub", [graph.node("Exp", [x]), one]);
  return graph.node("Where", [graph.node("Less", [graph.node("Abs", [x]), one]), near, far]);
}

/** Near 0, what rounding took from 1 + x is added to the logarithm. */
function log1p(x: TracedValue, graph: KernelGraph): TracedValue {
  const one = graph.scalar(1);
  const sum = graph.node("Add", [x, one]);
  const log = graph.node("Log", [sum]);
  const lost = graph.node("Sub", [x, graph.node("Sub", [sum, one])]);
  const isNear = graph.node("Less", [graph.node("Abs", [x]), graph.scalar(0.5)]);
  return graph.node("Where", [isNear, graph.node("Add", [log, lost]), log]);
}

export const unaryKernels: readonly Kernel[] = [
  unary("Abs", "Abs"),
  unary("Neg", "Neg"),
  defineKernel<Unary>({
    kernel: "Sign",
    emits: ["Greater", "Less", "Cast", "Sub"],
    dtypes: numbers,
    shapes: "x",
    /** NaN gives 0, and two comparisons are faster than ONNX Runtime's Sign. */
    trace({ inputs: { x }, graph }) {
      const zero = graph.scalar(0, x.dtype);
      const [above, below] = ["Greater", "Less"].map((op) => graph.cast(graph.node(op, [x, zero]), x.dtype));
      return graph.node("Sub", [above, below]);
    },
  }),
  defineKernel<Unary>({
    kernel: "Exp",
    emits: ["Exp", "Cast"],
    dtypes: numbers,
    shapes: "x",
    trace: ({ inputs: { x }, graph }) => graph.node("Exp", [graph.cast(x, "float32")]),
  }),
  numberFunction("Expm1", ["Mul", "Tanh", "Add", "Sub", "Div", "Exp", "Abs", "Less", "Where"], expm1),
  floatFunction("Log", ["Log"]),
  numberFunction("Log1p", ["Add", "Log", "Sub", "Abs", "Less", "Where"], log1p),
  floatFunction("Sqrt", ["Sqrt"]),
  floatFunction("Rsqrt", ["Sqrt", "Reciprocal"], (x, graph) =>
    graph.node("Reciprocal", [graph.node("Sqrt", [x])]),
  ),
  numberFunction("Reciprocal", ["Reciprocal"]),
  floatFunction("Erf", ["Erf"]),
  floatFunction("Floor", ["Floor"]),
  floatFunction("Ceil", ["Ceil"]),
  defineKernel<Unary>({
    kernel: "Round",
    emits: ["Round"],
    dtypes: numbers,
    shapes: "x",
    note: "Half goes to the even number.",
    trace: ({ inputs: { x }, graph }) => (x.dtype === "int32" ? x : graph.node("Round", [x])),
  }),
  defineKernel<Unary>({
    kernel: "Square",
    emits: ["Mul"],
    dtypes: numbers,
    shapes: "x",
    trace: ({ inputs: { x }, graph }) => graph.node("Mul", [x, x]),
  }),
];

/** Comparisons, logic and choice between two tensors. */
import type * as tf from "@tensorflow/tfjs-core";
import type { TracedValue } from "../recorder/traced-value.ts";
import { anyDtype, bools, defineKernel, type Kernel, type KernelGraph, numbers } from "./define.ts";

type Unary = { x: tf.TensorInfo };
type Binary = { a: tf.TensorInfo; b: tf.TensorInfo };

/** ONNX compares truth values for equality only. */
function comparison(kernel: string, op: string): Kernel {
  return defineKernel<Binary>({
    kernel,
    emits: [op, "Cast"],
    dtypes: anyDtype,
    shapes: "a, b broadcast",
    trace({ inputs: { a, b }, graph }) {
      const isOrder = op !== "Equal" && a.dtype === "bool";
      return graph.node(op, isOrder ? [graph.cast(a, "int32"), graph.cast(b, "int32")] : [a, b]);
    },
  });
}

function logical(kernel: string, op: string): Kernel {
  return defineKernel<Binary>({
    kernel,
    emits: [op],
    dtypes: bools,
    shapes: "a, b broadcast",
    trace: ({ inputs: { a, b }, graph }) => graph.node(op, [a, b]),
  });
}

/** A question about floats; `whole` is the answer for int32, which is the same for every number. */
function question(
  kernel: string,
  emits: readonly string[],
  ask: (x: TracedValue, graph: KernelGraph) => TracedValue,
  whole: boolean,
): Kernel {
  return defineKernel<Unary>({
    kernel,
    emits: [...emits, "Equal", "Less"],
    dtypes: numbers,
    shapes: "x",
    trace({ inputs: { x }, graph }) {
      if (x.dtype === "float32") return ask(x, graph);
      // A number equals itself and is not less: a tensor of one answer that needs no shape.
      return graph.node(whole ? "Equal" : "Less", [x, x]);
    },
  });
}

/** ONNX Runtime's Where takes no truth values. */
function chooseBool(condition: TracedValue, t: TracedValue, e: TracedValue, graph: KernelGraph): TracedValue {
  const then = graph.node("And", [condition, t]);
  const otherwise = graph.node("And", [graph.node("Not", [condition]), e]);
  return graph.node("Or", [then, otherwise]);
}

export const comparisonKernels: readonly Kernel[] = [
  comparison("Equal", "Equal"),
  defineKernel<Binary>({
    kernel: "NotEqual",
    emits: ["Equal", "Not"],
    dtypes: anyDtype,
    shapes: "a, b broadcast",
    trace: ({ inputs: { a, b }, graph }) => graph.node("Not", [graph.node("Equal", [a, b])]),
  }),
  comparison("Greater", "Greater"),
  comparison("GreaterEqual", "GreaterOrEqual"),
  comparison("Less", "Less"),
  comparison("LessEqual", "LessOrEqual"),
  logical("LogicalAnd", "And"),
  logical("LogicalOr", "Or"),
  defineKernel<Unary>({
    kernel: "LogicalNot",
    emits: ["Not"],
    dtypes: bools,
    shapes: "x",
    trace: ({ inputs: { x }, graph }) => graph.node("Not", [x]),
  }),
  question("IsNan", ["IsNaN"], (x, graph) => graph.node("IsNaN", [x]), false),
  question("IsInf", ["IsInf"], (x, graph) => graph.node("IsInf", [x]), false),
  question(
    "IsFinite",
    ["Abs"],
    (x, graph) => graph.node("Less", [graph.node("Abs", [x]), graph.scalar(Number.POSITIVE_INFINITY)]),
    true,
  ),
  defineKernel<{ condition: tf.TensorInfo; t: tf.TensorInfo; e: tf.TensorInfo }>({
    kernel: "Select",
    emits: ["Where", "Cast", "And", "Not", "Or"],
    dtypes: anyDtype,
    shapes: "condition, t, e of one shape",
    trace({ inputs: { condition, t, e }, graph }) {
      if (condition.dtype !== "bool") graph.refuse("the condition must be bool; compare first");
      const dtypes = [t.dtype, e.dtype];
      if (dtypes.every((dtype) => dtype === "bool")) return chooseBool(condition, t, e, graph);
      const dtype = dtypes.includes("float32") ? "float32" : "int32";
      return graph.node("Where", [condition, graph.cast(t, dtype), graph.cast(e, dtype)]);
    },
  }),
];

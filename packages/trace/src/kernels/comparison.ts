/** Comparisons, logic and choice between two tensors. */
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { anyDtype, bools, defineKernel, type Kernel, numbers } from "./define.ts";

type Unary = { x: tf.TensorInfo };
type Binary = { a: tf.TensorInfo; b: tf.TensorInfo };

/** ONNX asks of truth values only whether they are equal. */
function comparison(kernel: string, op: string, isOrder: boolean): Kernel {
  return defineKernel<Binary>({
    kernel,
    emits: isOrder ? [op, "Cast"] : [op],
    dtypes: anyDtype,
    shapes: "a, b broadcast",
    trace({ inputs: { a, b }, graph }) {
      return graph.node(
        op,
        isOrder && a.dtype === "bool" ? [graph.cast(a, "int32"), graph.cast(b, "int32")] : [a, b],
      );
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

/**
 * A question about floats. The answer is the same for every int32: a number equals itself and is not less than
 * itself, which makes a tensor of one answer without a shape.
 */
function question(
  kernel: string,
  emits: readonly string[],
  ask: (x: TracedValue, graph: KernelGraph) => TracedValue,
  ofInt32: "Equal" | "Less",
): Kernel {
  return defineKernel<Unary>({
    kernel,
    emits: [...new Set([...emits, ofInt32])],
    dtypes: numbers,
    shapes: "x",
    trace({ inputs: { x }, graph }) {
      return x.dtype === "float32" ? ask(x, graph) : graph.node(ofInt32, [x, x]);
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
  comparison("Equal", "Equal", false),
  defineKernel<Binary>({
    kernel: "NotEqual",
    emits: ["Equal", "Not"],
    dtypes: anyDtype,
    shapes: "a, b broadcast",
    trace: ({ inputs: { a, b }, graph }) => graph.node("Not", [graph.node("Equal", [a, b])]),
  }),
  comparison("Greater", "Greater", true),
  comparison("GreaterEqual", "GreaterOrEqual", true),
  comparison("Less", "Less", true),
  comparison("LessEqual", "LessOrEqual", true),
  logical("LogicalAnd", "And"),
  logical("LogicalOr", "Or"),
  defineKernel<Unary>({
    kernel: "LogicalNot",
    emits: ["Not"],
    dtypes: bools,
    shapes: "x",
    trace: ({ inputs: { x }, graph }) => graph.node("Not", [x]),
  }),
  question("IsNan", ["IsNaN"], (x, graph) => graph.node("IsNaN", [x]), "Less"),
  question("IsInf", ["IsInf"], (x, graph) => graph.node("IsInf", [x]), "Less"),
  question(
    "IsFinite",
    ["Abs", "Less"],
    (x, graph) => graph.node("Less", [graph.node("Abs", [x]), graph.scalar(Number.POSITIVE_INFINITY)]),
    "Equal",
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

/** Arithmetic between tensors, element by element, with numpy's broadcasting. */
import type * as tf from "@tensorflow/tfjs-core";
import type { TracedValue } from "../recorder/traced-value.ts";
import { defineKernel, floats, type Kernel, type KernelGraph, numbers, type TfDtype } from "./define.ts";
import { toInt32 } from "./float-function.ts";

type Binary = { a: tf.TensorInfo; b: tf.TensorInfo };
type Compute = (a: TracedValue, b: TracedValue, graph: KernelGraph) => TracedValue;

function binary(
  kernel: string,
  emits: readonly string[],
  compute: Compute = (a, b, graph) => graph.node(emits[0] ?? kernel, [a, b]),
  dtypes: readonly TfDtype[] = numbers,
): Kernel {
  return defineKernel<Binary>({
    kernel,
    emits,
    dtypes,
    shapes: "a, b broadcast",
    trace: ({ inputs: { a, b }, graph }) => compute(a, b, graph),
  });
}

/** In float64, which holds every int32 and divides as JavaScript does. */
function floorDiv(a: TracedValue, b: TracedValue, graph: KernelGraph): TracedValue {
  const ratio = graph.node("Div", [graph.cast(a, "float64"), graph.cast(b, "float64")]);
  return toInt32(graph.node("Floor", [ratio]), graph);
}

/** The remainder has the sign of b, as in Python. */
function mod(a: TracedValue, b: TracedValue, graph: KernelGraph): TracedValue {
  if (a.dtype === "int32") return graph.node("Mod", [a, b]);
  const rest = graph.node("Mod", [a, b], { fmod: 1 });
  const turned = graph.node("Mul", [graph.node("Sign", [rest]), b]);
  const isOpposite = graph.node("Less", [turned, graph.scalar(0)]);
  return graph.node("Where", [isOpposite, graph.node("Add", [rest, b]), rest]);
}

/** atan(y / x), turned by π where x < 0; on the axis x = 0 the sign of y decides. */
function atan2(y: TracedValue, x: TracedValue, graph: KernelGraph): TracedValue {
  const zero = graph.scalar(0);
  const angle = graph.node("Atan", [graph.node("Div", [y, x])]);
  const turn = graph.node("Where", [
    graph.node("Less", [y, zero]),
    graph.scalar(-Math.PI),
    graph.scalar(Math.PI),
  ]);
  const turned = graph.node("Add", [angle, turn]);
  const upright = graph.node("Mul", [graph.node("Sign", [y]), graph.scalar(Math.PI / 2)]);
  const isLeft = graph.node("Less", [x, zero]);
  const isUpright = graph.node("Equal", [x, zero]);
  return graph.node("Where", [isUpright, upright, graph.node("Where", [isLeft, turned, angle])]);
}

export const elementwiseKernels: readonly Kernel[] = [
  binary("Add", ["Add"]),
  binary("Sub", ["Sub"]),
  binary("Multiply", ["Mul"]),
  binary("RealDiv", ["Div"]),
  binary("FloorDiv", ["Cast", "Div", "Floor"], floorDiv),
  binary("Mod", ["Mod", "Sign", "Mul", "Less", "Add", "Where"], mod),
  binary("Pow", ["Pow"]),
  binary("Maximum", ["Max"]),
  binary("Minimum", ["Min"]),
  binary("SquaredDifference", ["Sub", "Mul"], (a, b, graph) => {
    const difference = graph.node("Sub", [a, b]);
    return graph.node("Mul", [difference, difference]);
  }),
  binary("Atan2", ["Div", "Atan", "Less", "Where", "Add", "Sign", "Mul", "Equal"], atan2, floats),
  binary("BitwiseAnd", ["BitwiseAnd"], undefined, ["int32"]),
  defineKernel<Record<string, tf.TensorInfo>>({
    kernel: "AddN",
    emits: ["Sum", "Add"],
    dtypes: numbers,
    shapes: "tensors of one shape",
    trace({ inputs, graph }) {
      const terms = Object.values(inputs);
      const [first] = terms as [TracedValue, ...TracedValue[]];
      if (terms.length === 1) return first;
      if (first.dtype === "float32") return graph.node("Sum", terms);
      return terms.reduce((sum, term) => graph.node("Add", [sum, term]));
    },
  }),
];

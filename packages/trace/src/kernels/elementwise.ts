/** Arithmetic between tensors, element by element, with numpy's broadcasting. */
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { anyDtype, defineKernel, floats, type Kernel, numbers, type TfDtype } from "./define.ts";
import { toInt32, toInt32Ops } from "./float-function.ts";

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

/** In float64, as JavaScript does: whole division by zero is an error in ONNX Runtime. */
function divideExactly(a: TracedValue, b: TracedValue, graph: KernelGraph): TracedValue {
  return graph.node("Div", [graph.cast(a, "float64"), graph.cast(b, "float64")]);
}

/** The remainder has the sign of b, as in Python. */
function mod(a: TracedValue, b: TracedValue, graph: KernelGraph): TracedValue {
  if (a.dtype === "int32") return graph.node("Mod", [a, safeDivisor(b, graph)]);
  const rest = graph.node("Mod", [a, b], { fmod: 1 });
  const turned = graph.node("Mul", [graph.node("Sign", [rest]), b]);
  const isOpposite = graph.node("Less", [turned, graph.scalar(0)]);
  return graph.node("Where", [isOpposite, graph.node("Add", [rest, b]), rest]);
}

/** 1 in the place of −1, 0 and 1: tfjs's remainder is 0 for all of them. */
function safeDivisor(b: TracedValue, graph: KernelGraph): TracedValue {
  const known = b.known?.();
  if (known !== undefined && Array.from(known.data, Number).every((number) => Math.abs(number) > 1)) return b;
  const [one, minusOne] = [graph.scalar(1, "int32"), graph.scalar(-1, "int32")];
  const isTiny = graph.node("Equal", [graph.node("Clip", [b, minusOne, one]), b]);
  return graph.node("Where", [isTiny, one, b]);
}

/** Powers that other ops compute several times faster than Pow. */
const shortPowers: ReadonlyMap<number, (x: TracedValue, graph: KernelGraph) => TracedValue> = new Map([
  [-2, (x, graph) => graph.node("Reciprocal", [graph.node("Mul", [x, x])])],
  [-1, (x, graph) => graph.node("Reciprocal", [x])],
  [-0.5, (x, graph) => graph.node("Reciprocal", [graph.node("Sqrt", [x])])],
  [0.5, (x, graph) => graph.node("Sqrt", [x])],
  [1, (x) => x],
  [1.5, (x, graph) => graph.node("Mul", [x, graph.node("Sqrt", [x])])],
  [2, (x, graph) => graph.node("Mul", [x, x])],
]);

function pow(a: TracedValue, b: TracedValue, graph: KernelGraph): TracedValue {
  if (a.dtype === "int32") {
    return toInt32(graph.node("Pow", [graph.cast(a, "float64"), graph.cast(b, "float64")]), graph);
  }
  const isScalar = b.dims.length <= a.dims.length && b.dims.every((dim) => dim === 1);
  const exponent = isScalar ? b.known?.().data[0] : undefined;
  return shortPowers.get(Number(exponent))?.(a, graph) ?? graph.node("Pow", [a, b]);
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
  binary(
    "Multiply",
    ["Mul", "And"],
    (a, b, graph) => graph.node(a.dtype === "bool" ? "And" : "Mul", [a, b]),
    anyDtype,
  ),
  binary("RealDiv", ["Div", ...toInt32Ops], (a, b, graph) =>
    a.dtype === "int32" ? toInt32(divideExactly(a, b, graph), graph) : graph.node("Div", [a, b]),
  ),
  binary("FloorDiv", ["Div", "Floor", ...toInt32Ops], (a, b, graph) =>
    toInt32(graph.node("Floor", [divideExactly(a, b, graph)]), graph),
  ),
  binary("Mod", ["Mod", "Sign", "Mul", "Less", "Add", "Where", "Clip", "Equal"], mod),
  binary("Pow", ["Pow", "Mul", "Sqrt", "Reciprocal", ...toInt32Ops], pow),
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
    emits: ["Add"],
    dtypes: numbers,
    shapes: "tensors of one shape",
    trace({ inputs, graph }) {
      const [first, ...rest] = Object.values(inputs) as [TracedValue, ...TracedValue[]];
      // ONNX's Sum is no faster than the additions, and takes floats only.
      return rest.reduce((sum, term) => graph.node("Add", [sum, term]), first);
    },
  }),
];

/** Trigonometric and hyperbolic functions. */
import type { Kernel } from "./define.ts";
import { floatFunction, numberFunction } from "./float-function.ts";

const ofFloats = ["Sin", "Cos", "Cosh", "Tanh"];
const ofNumbers = ["Asin", "Acos", "Atan", "Sinh", "Asinh", "Acosh", "Atanh"];

/** ONNX has them all, by the same names; but ONNX Runtime's Tan takes ten times as long as sine and cosine. */
export const trigonometryKernels: readonly Kernel[] = [
  ...ofFloats.map((name) => floatFunction(name, [name])),
  floatFunction("Tan", ["Sin", "Cos", "Div"], (x, graph) =>
    graph.node("Div", [graph.node("Sin", [x]), graph.node("Cos", [x])]),
  ),
  ...ofNumbers.map((name) => numberFunction(name, [name])),
];

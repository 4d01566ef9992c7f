/** Trigonometric and hyperbolic functions. */
import type { Kernel } from "./define.ts";
import { floatFunction, numberFunction } from "./float-function.ts";

const ofFloats = ["Sin", "Cos", "Tan", "Cosh", "Tanh"];
const ofNumbers = ["Asin", "Acos", "Atan", "Sinh", "Asinh", "Acosh", "Atanh"];

/** ONNX has them all, by the same names. */
export const trigonometryKernels: readonly Kernel[] = [
  ...ofFloats.map((name) => floatFunction(name, [name])),
  ...ofNumbers.map((name) => numberFunction(name, [name])),
];

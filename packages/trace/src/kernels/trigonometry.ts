/** Trigonometric and hyperbolic functions. */
import type { Kernel } from "./define.ts";
import { floatFunction } from "./float-function.ts";

const names = [
  "Sin",
  "Cos",
  "Tan",
  "Asin",
  "Acos",
  "Atan",
  "Sinh",
  "Cosh",
  "Tanh",
  "Asinh",
  "Acosh",
  "Atanh",
];

/** ONNX has them all, by the same names. */
export const trigonometryKernels: readonly Kernel[] = names.map((name) => floatFunction(name, [name]));

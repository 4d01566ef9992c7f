import * as tf from "@tensorflow/tfjs-core";
import type { KernelCases } from "./kernel-case.ts";
import { oneNumber } from "./one-number.ts";

const unit = { low: -0.95, high: 0.95 };

export const trigonometryCases: KernelCases = {
  Sin: oneNumber(tf.sin, { takesInt32: false, edges: [0, 1e4, -1e6, Math.PI] }),
  Cos: oneNumber(tf.cos, { takesInt32: false, edges: [0, 1e4, -1e6, Math.PI] }),
  Tan: oneNumber(tf.tan, { takesInt32: false, fill: { low: -1.2, high: 1.2 }, edges: [0, 1, 100] }),
  Asin: oneNumber(tf.asin, { fill: unit, edges: [0, 1, -1, 1.5] }),
  Acos: oneNumber(tf.acos, { fill: unit, edges: [0, 1, -1, 1.5] }),
  Atan: oneNumber(tf.atan),
  Sinh: oneNumber(tf.sinh, { edges: [0, 100, -100, 0.001] }),
  Cosh: oneNumber(tf.cosh, { takesInt32: false, edges: [0, 100, -100, 0.001] }),
  Tanh: oneNumber(tf.tanh, { takesInt32: false, edges: [0, 100, -100, 0.001] }),
  Asinh: oneNumber(tf.asinh, { edges: [0, 1, -1, 1e6] }),
  Acosh: oneNumber(tf.acosh, { fill: { low: 1.1, high: 5 }, edges: [1, 0.5, 1e6] }),
  Atanh: oneNumber(tf.atanh, { fill: unit, edges: [0, 1, -1, 2] }),
};

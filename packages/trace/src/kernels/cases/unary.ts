import * as tf from "@tensorflow/tfjs-core";
import { float, type KernelCase, type KernelCases } from "./kernel-case.ts";
import { oneNumber } from "./one-number.ts";

/** The tests' gradient multiplies by the result: large ones would only test float32. */
const belowOne = { low: -2, high: 1 };
const positive = { low: 0.1, high: 4 };

/** Values so small that a plain form would lose them, compared in units of their own size. */
function small(op: (x: tf.Tensor) => tf.Tensor): KernelCase {
  const values = [1e-7, -1e-7, 3e-6, -2e-5, 1e-4, -0.003, 0.02, -0.4, 0.49];
  return {
    name: "digits of small numbers",
    inputs: { x: float([values.length], values) },
    run: ({ x }) => tf.mul(op(x!), tf.div(1, x!)),
    gradient: { skip: "that of the division cancels itself" },
  };
}

export const unaryCases: KernelCases = {
  Abs: oneNumber(tf.abs),
  Neg: oneNumber(tf.neg),
  Sign: oneNumber(tf.sign),
  Exp: oneNumber(tf.exp, { fill: belowOne, edges: [0, -200, 200, 88] }),
  Expm1: [...oneNumber(tf.expm1, { fill: belowOne, edges: [0, -200, 200, 0.999, 1, -1] }), small(tf.expm1)],
  Log: oneNumber(tf.log, { takesInt32: false, fill: positive, edges: [0, 1, -1, 1e-30, 1e30] }),
  Log1p: [
    ...oneNumber(tf.log1p, { fill: { low: -0.9, high: 3 }, edges: [0, -1, -2, 1e30, 0.5] }),
    small(tf.log1p),
  ],
  Sqrt: oneNumber(tf.sqrt, { takesInt32: false, fill: positive, edges: [0, 1, -1, 1e30] }),
  Rsqrt: oneNumber(tf.rsqrt, { takesInt32: false, fill: positive, edges: [0, 1, -1, 1e30] }),
  Square: oneNumber(tf.square),
  Reciprocal: oneNumber(tf.reciprocal, { fill: positive }),
  Floor: oneNumber(tf.floor, { takesInt32: false, edges: [0, 2.5, -2.5, 1e30] }),
  Ceil: oneNumber(tf.ceil, { takesInt32: false, edges: [0, 2.5, -2.5, 1e30] }),
  Round: oneNumber(tf.round, { edges: [0, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 1e30] }),
  Erf: oneNumber(tf.erf, { edges: [0, 1, -1, 4, -4, 0.01] }),
};

import * as tf from "@tensorflow/tfjs-core";
import { float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Op = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Shapes that any broadcasting kernel must take. */
function binary(op: Op, fill = { low: -2, high: 2 }): readonly KernelCase[] {
  const run: KernelCase["run"] = ({ a, b }) => op(a!, b!);
  return [
    { name: "same shape", inputs: { a: float(["n", 3], fill), b: float(["n", 3], fill) }, run },
    { name: "a row", inputs: { a: float(["n", 3], fill), b: float([3], fill) }, run },
    { name: "both broadcast", inputs: { a: float(["n", 1, 3], fill), b: float([4, 1], fill) }, run },
    { name: "scalars", inputs: { a: float([], fill), b: float([], fill) }, run },
    { name: "rank 5", inputs: { a: float([2, 1, "n", 2, 1], fill), b: float([1, 2, "n", 1, 3], fill) }, run },
    {
      name: "empty",
      inputs: { a: float([0, 3], fill), b: float([1, 3], fill) },
      run,
      gradient: { skip: "tfjs itself cannot reduce the gradient of a broadcast to nothing" },
    },
    { name: "large", inputs: { a: float([300, 70], fill), b: float([1, 70], fill) }, run },
  ];
}

function onInts(op: Op): KernelCase {
  return { name: "int32", inputs: { a: int(["n", 3]), b: int([3]) }, run: ({ a, b }) => op(a!, b!) };
}

export const elementwiseCases: KernelCases = {
  Add: [...binary(tf.add), onInts(tf.add)],
  Sub: [...binary(tf.sub), onInts(tf.sub)],
  Multiply: [...binary(tf.mul), onInts(tf.mul)],
  RealDiv: binary((a, b) => tf.div(a, tf.add(tf.abs(b), 0.5))),
};

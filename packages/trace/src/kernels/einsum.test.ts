import { writeModel } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { traceFunction } from "../trace-function.ts";

// tfjs-backend-cpu gives these the wrong shape, and so the cases of the kernel list cannot show them.
const equations: readonly [string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor][] = [
  ["ij,jk->k", (a, b) => tf.reshape(tf.matMul(tf.sum(a, 0, true), b), [4])],
  ["ij,jk->j", (a, b) => tf.mul(tf.sum(a, 0), tf.sum(b, 1))],
  ["ij,jk->i", (a, b) => tf.reshape(tf.matMul(a, tf.sum(b, 1, true)), [-1])],
  ["ij,jk->", (a, b) => tf.sum(tf.matMul(a, b))],
];

test.each(equations)("an axis that one operand alone has is summed: %s", async (equation, reference) => {
  const model = traceFunction(
    ({ a, b }) => ({ actual: tf.einsum(equation, a!, b!), expected: reference(a!, b!) }),
    { a: { dtype: "float32", dims: ["n", 3] }, b: { dtype: "float32", dims: [3, 4] } },
  );
  const session = await InferenceSession.create(writeModel(model));
  const wave = (count: number) => Float32Array.from({ length: count }, (_, at) => Math.sin(7 * at + 1));
  const { actual, expected } = await session.run({
    a: new Tensor("float32", wave(15), [5, 3]),
    b: new Tensor("float32", wave(12), [3, 4]),
  });
  expect(actual!.dims).toEqual(expected!.dims);
  for (const [at, value] of (expected!.data as Float32Array).entries()) {
    expect(Number(actual!.data[at])).toBeCloseTo(value, 5);
  }
});

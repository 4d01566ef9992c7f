import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { comparePasses } from "../fixtures/compare-passes.ts";
import { float } from "../kernels/cases/kernel-case.ts";

const far = { low: -90, high: 90 };

test("logSoftmax is one op, and its gradient takes the exponential of it", async () => {
  const { after } = await comparePasses({
    inputs: { x: float(["n", 5], far), weights: float(["n", 5]) },
    run: ({ x, weights }) => {
      const { value, grad } = tf.valueAndGrad((x) => tf.sum(tf.mul(tf.logSoftmax(x), weights!)))(x!);
      return { value, grad };
    },
  });
  expect(after).toMatchObject({ LogSoftmax: 1, Exp: 1 });
  expect([after.ReduceMax, after.Log]).toEqual([undefined, undefined]);
});

test("softmaxCrossEntropy, which subtracts the maximum within the logarithm", async () => {
  const { after } = await comparePasses({
    inputs: { x: float(["n", 5], far), labels: float(["n", 5], { low: 0, high: 1 }) },
    run: ({ x, labels }) => {
      const { value, grad } = tf.valueAndGrad((x) => tf.losses.softmaxCrossEntropy(labels!, x))(x!);
      return { value, grad };
    },
    sizes: [1, 20],
  });
  expect(after).toMatchObject({ LogSoftmax: 1, Exp: 1 });
  expect([after.ReduceMax, after.Log]).toEqual([undefined, undefined]);
});

test("three axes, and one", async () => {
  for (const dims of [["n", 3, 4], ["n"]] as const) {
    const { after } = await comparePasses({
      inputs: { x: float(dims, far) },
      run: ({ x }) => tf.logSoftmax(x!),
    });
    expect(after).toEqual({ LogSoftmax: 1 });
  }
});

test.each<[string, (x: tf.Tensor) => tf.Tensor]>([
  ["another axis", (x) => tf.sub(x, tf.logSumExp(x, 0, true))],
  ["all axes", (x) => tf.sub(x, tf.logSumExp(x))],
  [
    "the maximum of something else",
    (x) => {
      const shifted = tf.sub(x, tf.max(tf.abs(x), 1, true));
      return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 1, true)));
    },
  ],
  ["rows that become columns", (x) => tf.sub(x, tf.logSumExp(x, 1))],
])("%s is none", async (_, run) => {
  const { after } = await comparePasses({ inputs: { x: float([4, 4]) }, run: ({ x }) => run(x!) });
  expect(after.LogSoftmax).toBeUndefined();
});

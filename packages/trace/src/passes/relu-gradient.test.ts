import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { comparePasses } from "../fixtures/compare-passes.ts";
import { float } from "../kernels/cases/kernel-case.ts";

const special = [0, -0, 1e-45, -1e-45, 1e-39, -1e-39, 3e38, -3e38, Number.POSITIVE_INFINITY, 1, -1];

test("the mask of a gradient is read off the relu, exact for every number", async () => {
  const { before, after } = await comparePasses({
    inputs: { x: float(["n"], special), weights: float(["n"]) },
    run: ({ x, weights }) => {
      const { value, grad } = tf.valueAndGrad((x) => tf.sum(tf.mul(tf.relu(x), weights!)))(x!);
      return { value, grad };
    },
    sizes: [special.length],
    tolerance: 0,
  });
  expect([before.Greater, after.Greater]).toEqual([1, undefined]);
});

test("of a fused product too, whose gradient steps at the relu", async () => {
  const { before, after } = await comparePasses({
    inputs: { x: float(["n", 4]), weights: float([4, 3]), bias: float([3]) },
    run: ({ x, weights, bias }) =>
      tf.grad((b) => {
        const y = tf.fused.matMul({
          a: x as tf.Tensor2D,
          b: weights as tf.Tensor2D,
          bias: b,
          activation: "relu",
        });
        return tf.sum(tf.square(y));
      })(bias!),
  });
  expect([before.Greater, after.Greater]).toEqual([1, undefined]);
});

test("without the relu's own value x is compared", async () => {
  const { after } = await comparePasses({
    inputs: { x: float(["n"], special) },
    run: ({ x }) => tf.grad((x) => tf.sum(tf.relu(x)))(x!),
    tolerance: 0,
  });
  expect(after).toMatchObject({ Greater: 1 });
});

test("steps that are no relu's stay", async () => {
  const { after } = await comparePasses({
    inputs: { x: float(["n"], special) },
    run: ({ x }) => tf.mul(tf.relu(x!), tf.cast(tf.greater(x!, 0.5), "float32")),
    sizes: [8],
    tolerance: 0,
  });
  expect(after.Greater).toBe(1);
});

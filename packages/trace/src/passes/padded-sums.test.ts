import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { comparePasses, type PassCase } from "../fixtures/compare-passes.ts";
import { float } from "../kernels/cases/kernel-case.ts";

/** Softmax over a target and samples: the loss slices what a Concat joined, at the start or elsewhere. */
function sampled(count: "n" | number, at: 0 | 2): PassCase {
  return {
    inputs: {
      ...{ others: float([count, 2]), target: float([count, 1]), samples: float([count, 4]) },
      weights: float([count, 1]),
    },
    run({ others, target, samples, weights }) {
      const loss = (others: tf.Tensor, target: tf.Tensor, samples: tf.Tensor) => {
        const parts = at === 0 ? [target, others, samples] : [others, target, samples];
        const logProbability = tf.logSoftmax(tf.concat(parts, 1));
        return tf.mean(tf.mul(tf.slice(logProbability, [0, at], [-1, 1]), weights!));
      };
      const [a, b, c] = tf.grads(loss)([others!, target!, samples!]);
      return { a: a!, b: b!, c: c! };
    },
  };
}

test.each([
  ["at the start", sampled(5, 0)],
  ["in the middle", sampled(5, 2)],
  ["of any number of rows", sampled("n", 0)],
])("the gradient of a slice of a Concat needs no zeros: %s", async (_, passCase) => {
  const { before, after } = await comparePasses(passCase);
  expect([before.Pad, before.Sub]).toEqual([1, 3]);
  expect([after.Pad, after.ReduceSum, after.Sub]).toEqual([undefined, undefined, 1]);
});

test("a slice across the border of two parts keeps its zeros", async () => {
  const { after } = await comparePasses({
    inputs: { a: float(["n", 2]), b: float(["n", 4]) },
    run({ a, b }) {
      const loss = (a: tf.Tensor, b: tf.Tensor) =>
        tf.sum(tf.square(tf.slice(tf.logSoftmax(tf.concat([a, b], 1)), [0, 1], [-1, 2])));
      const [da, db] = tf.grads(loss)([a!, b!]);
      return { da: da!, db: db! };
    },
  });
  expect(after).toMatchObject({ Pad: 1, Sub: 1 });
});

test("zeros along another axis than the sum, and ones, stay", async () => {
  const border: [number, number][] = [
    [0, 0],
    [1, 2],
  ];
  const { after } = await comparePasses({
    inputs: { x: float(["n", 3]) },
    run: ({ x }) => ({
      rows: tf.sum(tf.pad(x!, border), 1),
      columns: tf.sum(tf.pad(x!, border), 0),
      ones: tf.sum(tf.pad(x!, border, 1), 1),
    }),
  });
  expect(after).toMatchObject({ Pad: 2 });
});

test("sums over axes of size 1 are none", async () => {
  const { after } = await comparePasses({
    inputs: { x: float(["n", 1, 3, 1]) },
    run: ({ x }) => tf.exp(tf.max(tf.sum(x!, [1, 3], true), 1)),
  });
  expect(after).toEqual({ Exp: 1, Reshape: 1 });
});

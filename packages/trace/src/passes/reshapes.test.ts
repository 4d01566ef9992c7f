import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { comparePasses } from "../fixtures/compare-passes.ts";
import { float } from "../kernels/cases/kernel-case.ts";

test("reshapes around elementwise ops meet and cancel", async () => {
  const { after } = await comparePasses({
    inputs: { x: float(["n", 2, 3]), row: float([3]) },
    run: ({ x, row }) => {
      const flat = tf.reshape(x!, [-1, 3]);
      return tf.reshape(tf.exp(tf.add(tf.mul(flat, 2), row!)), x!.shape);
    },
  });
  expect(after).toEqual({ Mul: 1, Add: 1, Exp: 1 });
});

test("a row that the reshape takes apart keeps the reshape before it", async () => {
  const { after } = await comparePasses({
    inputs: { x: float(["n", 6]), row: float([3]) },
    run: ({ x, row }) => tf.reshape(tf.add(tf.reshape(x!, [-1, 2, 3]), row!), x!.shape),
  });
  expect(after).toEqual({ Reshape: 2, Add: 1 });
});

test("one number of any rank times one number", async () => {
  const { after } = await comparePasses({
    inputs: { x: float([1, 1]), y: float([1]) },
    run: ({ x, y }) => tf.mul(tf.exp(x!), tf.reshape(tf.exp(y!), [])),
  });
  expect(after.Mul).toBe(1);
});

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { comparePasses, type PassCase } from "../fixtures/compare-passes.ts";
import { float } from "../kernels/cases/kernel-case.ts";

const inputs: PassCase["inputs"] = {
  x: float(["n", 4, 6]),
  column: float(["n", 4, 1]),
  row: float([6]),
};

test.each<[string, PassCase["run"]]>([
  ["row, column", ({ x, row, column }) => tf.mul(tf.mul(x!, row!), column!)],
  ["column, row", ({ x, row, column }) => tf.mul(row!, tf.mul(column!, x!))],
  [
    "a reshape between",
    ({ x, row, column }) => tf.mul(tf.reshape(tf.mul(tf.reshape(x!, [-1, 6]), row!), x!.shape), column!),
  ],
])("%s: one pass over the matrix, with an outer product", async (_, run) => {
  const { after } = await comparePasses({ inputs, run });
  expect([after.Mul, after.MatMul]).toEqual([1, 1]);
});

test.each<[string, PassCase["run"], PassCase["inputs"]]>([
  ["two rows", ({ x, row }) => tf.mul(tf.mul(x!, row!), tf.exp(row!)), {}],
  ["rows of another axis", ({ x, row, other }) => tf.mul(tf.mul(x!, row!), other!), { other: float([4, 1]) }],
  [
    "a product that is used twice",
    ({ x, row, column }) => {
      const scaled = tf.mul(x!, row!);
      return tf.add(tf.mul(scaled, column!), tf.exp(scaled));
    },
    {},
  ],
])("%s stay", async (_, run, more) => {
  const { after } = await comparePasses({ inputs: { ...inputs, ...more }, run });
  expect(after.MatMul).toBeUndefined();
});

test("a few numbers stay", async () => {
  const { after } = await comparePasses({
    inputs: { x: float([9, 6]), column: float([9, 1]), row: float([6]) },
    run: ({ x, row, column }) => tf.mul(tf.mul(x!, row!), column!),
  });
  expect(after).toEqual({ Mul: 2 });
});

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { comparePasses, type OpCounts, type PassCase } from "../fixtures/compare-passes.ts";
import { float } from "../kernels/cases/kernel-case.ts";

const inputs: PassCase["inputs"] = {
  x: float(["n", 4, 6]),
  y: float(["n", 4, 6]),
  column: float(["n", 4, 1]),
  row: float([6]),
};

const ops = async (run: PassCase["run"]): Promise<OpCounts> => (await comparePasses({ inputs, run })).after;
const centred = (x: tf.Tensor) => tf.sub(x, tf.mean(x, -1, true));

test.each([true, false])("a factor of the whole row comes after the sum; keepDims %s", async (keep) => {
  const after = await ops(({ x, column }) => tf.sum(tf.mul(x!, tf.exp(column!)), -1, keep));
  expect(after).toMatchObject({ ReduceSum: 1, Mul: 1, Exp: 1 });
  expect((await ops(({ x, column }) => tf.sum(tf.mul(x!, column!), -1, true))).Reshape).toBeUndefined();
});

test.each([true, false])("a factor of each place makes it a product; keepDims %s", async (keep) => {
  const after = await ops(({ x, row, column }) => tf.sum(tf.mul(tf.mul(x!, column!), row!), -1, keep));
  expect([after.ReduceSum, after.MatMul, after.Mul]).toEqual([undefined, 1, 1]);
});

test("behind a reshape that keeps the rows", async () => {
  const after = await ops(({ x, y, row }) => {
    const scaled = tf.reshape(tf.mul(tf.reshape(x!, [-1, 6]), row!), x!.shape);
    return tf.sum(tf.mul(scaled, y!), -1);
  });
  expect([after.ReduceSum, after.MatMul, after.Mul]).toEqual([undefined, 1, 1]);
});

test("what is centred adds up to 0, times whatever the row has", async () => {
  const after = await ops(({ x, y, column }) =>
    tf.sum(tf.add(tf.abs(y!), tf.mul(centred(x!), column!)), -1, true),
  );
  expect(after).toEqual({ Abs: 1, ReduceSum: 1 });
});

test("and leaves nothing behind", async () => {
  const after = await ops(({ x, column }) =>
    tf.add(column!, tf.reshape(tf.neg(tf.sum(tf.mul(centred(x!), column!), -1)), column!.shape)),
  );
  expect(Object.keys(after)).not.toContain("ReduceSum");
  expect(after.Add).toBeUndefined();
});

test.each<[string, PassCase["run"]]>([
  ["another axis", ({ x, row }) => tf.sum(tf.mul(x!, row!), 1)],
  ["two axes", ({ x, row }) => tf.sum(tf.mul(x!, row!), [1, 2])],
  ["two whole factors", ({ x, y }) => tf.sum(tf.mul(x!, y!), -1)],
  [
    "what others use",
    ({ x, y, row }) => {
      const product = tf.mul(tf.mul(x!, y!), row!);
      return tf.add(product, tf.sum(product, -1, true));
    },
  ],
])("a sum of %s stays", async (_, run) => {
  const after = await ops(run);
  expect([after.ReduceSum, after.MatMul]).toEqual([1, undefined]);
});

test.each<[string, PassCase["run"]]>([
  ["the mean of another axis", ({ x }) => tf.sum(tf.sub(x!, tf.mean(x!, 1, true)), -1)],
  ["the mean of something else", ({ x, y }) => tf.sum(tf.sub(x!, tf.mean(y!, -1, true)), -1)],
  ["the mean, times other rows", ({ x, y }) => tf.sum(tf.mul(centred(x!), y!), -1)],
  ["the mean, times a row", ({ x, row }) => tf.sum(tf.mul(centred(x!), row!), -1)],
])("what is less %s does not add up to 0", async (_, run) => {
  const after = await ops(run);
  expect((after.ReduceSum ?? 0) + (after.MatMul ?? 0)).toBe(1);
});

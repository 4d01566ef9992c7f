import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { comparePasses } from "../fixtures/compare-passes.ts";
import { float } from "../kernels/cases/kernel-case.ts";

test("the gradient of a bias is a product, for any number of rows", async () => {
  const { before, after } = await comparePasses({
    inputs: { x: float(["n", 5]), bias: float([5]) },
    run: ({ x, bias }) => tf.grad((b) => tf.sum(tf.square(tf.add(x!, b))))(bias!),
    sizes: [0, 1, 300],
  });
  expect([before.ReduceSum, after.ReduceSum, after.MatMul]).toEqual([1, undefined, 1]);
});

test("the gradient of a bias of two axes before the last", async () => {
  const { after } = await comparePasses({
    inputs: { x: float(["n", 8, 5]), bias: float([5]) },
    run: ({ x, bias }) => tf.grad((b) => tf.sum(tf.square(tf.add(x!, b))))(bias!),
  });
  expect([after.ReduceSum, after.MatMul]).toEqual([undefined, 1]);
});

test("the sum over a batch of positions", async () => {
  const { after } = await comparePasses({
    inputs: { x: float([40, 50, 4]), positions: float([50, 4]) },
    run: ({ x, positions }) => tf.grad((p) => tf.sum(tf.square(tf.add(x!, p))))(positions!),
  });
  expect([after.ReduceSum, after.MatMul]).toEqual([undefined, 1]);
});

test.each([
  ["few rows", [8, 5], 0],
  ["one column", [400, 1], 0],
  ["many rows and columns", [400, 300], 0],
  ["rows that are summed each", [40, 5], 1],
  ["a middle axis", [40, 5, 3], 1],
  ["all axes", [40, 5], undefined],
])("a sum of %s stays", async (_, dims, axis) => {
  const { after } = await comparePasses({
    inputs: { x: float(dims) },
    run: ({ x }) => tf.sum(x!, axis),
    tolerance: 0,
  });
  expect([after.ReduceSum, after.MatMul]).toEqual([1, undefined]);
});

test("whole numbers are not summed as floats", async () => {
  const { after } = await comparePasses({
    inputs: { x: { dtype: "int32", dims: [300, 5], fill: [2 ** 24 + 1, 1] } },
    run: ({ x }) => tf.sum(x!, 0),
    tolerance: 0,
  });
  expect(after.ReduceSum).toBe(1);
});

test("numbers of whole rows take the place of the ones", async () => {
  const { after } = await comparePasses({
    inputs: { x: float(["n", 8, 5]), column: float(["n", 8, 1]) },
    run: ({ x, column }) => tf.sum(tf.mul(tf.exp(x!), column!), [0, 1]),
  });
  expect([after.ReduceSum, after.MatMul, after.Mul, after.Expand]).toEqual([
    undefined,
    1,
    undefined,
    undefined,
  ]);
});

test("unless others use the product", async () => {
  const { after } = await comparePasses({
    inputs: { x: float(["n", 5]), column: float(["n", 1]) },
    run: ({ x, column }) => {
      const product = tf.mul(x!, column!);
      return { product, sums: tf.sum(product, 0) };
    },
  });
  expect([after.Mul, after.MatMul, after.Expand]).toEqual([1, 1, 1]);
});

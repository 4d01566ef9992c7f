import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { comparePasses, type OpCounts, type PassCase, rewriteCase } from "../fixtures/compare-passes.ts";
import { listNodes } from "../graph/graph.ts";
import { float } from "../kernels/cases/kernel-case.ts";

const inputs = { a: float(["n", 4]), b: float([4, 3]), row: float([3]), c: float(["n", 3]) };

async function ops(run: PassCase["run"], more: PassCase["inputs"] = {}): Promise<OpCounts> {
  return (await comparePasses({ inputs: { ...inputs, ...more }, run })).after;
}

describe("one Gemm", () => {
  test("numbers on both sides, and the bias", async () => {
    const run: PassCase["run"] = ({ a, b, row }) =>
      tf.add(tf.mul(tf.matMul(tf.mul(a!, 3), tf.div(b!, 7)), 2), row!);
    expect(await ops(run)).toEqual({ Gemm: 1 });
    const { after } = rewriteCase({ inputs, run });
    expect(listNodes(after.graph)[0]?.attributes.alpha).toBeCloseTo(6 / 7);
  });

  test("a sum with a matrix", async () => {
    expect(await ops(({ a, b, c }) => tf.add(c!, tf.matMul(a!, b!)))).toEqual({ Gemm: 1 });
  });

  test("two products added", async () => {
    const run: PassCase["run"] = ({ a, b, d }) => tf.add(tf.matMul(a!, b!), tf.matMul(a!, d!));
    expect(await ops(run, { d: float([4, 3]) })).toEqual({ MatMul: 1, Gemm: 1 });
  });

  test("of positions in a batch, with a bias and what goes around it", async () => {
    const { after } = await comparePasses({
      inputs: { x: float(["n", 5, 4]), w: float([4, 4]), row: float([4]) },
      run: ({ x, w, row }) => {
        const product = tf.reshape(tf.matMul(tf.reshape(x!, [-1, 4]), w!), x!.shape);
        return tf.add(x!, tf.relu(tf.add(product, row!)));
      },
    });
    expect(after).toMatchObject({ Gemm: 1, Add: 1, Relu: 1 });
  });

  test("gradients that meet at positions of a batch", async () => {
    const { before, after } = await comparePasses({
      inputs: { x: float(["n", 5, 4]), w: float([4, 4]) },
      run: ({ x, w }) =>
        tf.grad((x) => {
          const product = tf.reshape(tf.matMul(tf.reshape(x, [-1, 4]), w!), x.shape);
          return tf.sum(tf.mul(tf.square(product), tf.exp(x)));
        })(x!),
    });
    expect([before.Add, after.Add]).toEqual([1, undefined]);
  });
});

describe("left as it is", () => {
  test("a product that is used twice", async () => {
    const run: PassCase["run"] = ({ a, b, c }) => {
      const product = tf.matMul(a!, b!);
      return tf.mul(tf.add(product, c!), tf.mul(product, 3));
    };
    expect(await ops(run)).toMatchObject({ MatMul: 1, Add: 1, Mul: 2 });
  });

  test("a sum that broadcasts the product", async () => {
    const { after } = await comparePasses({
      inputs: { a: float([1, 4]), b: float([4, 3]), c: float(["n", 3]) },
      run: ({ a, b, c }) => tf.add(tf.matMul(a!, b!), c!),
    });
    expect(after).toEqual({ MatMul: 1, Add: 1 });
  });

  test("a column", async () => {
    expect(
      await ops(({ a, b, column }) => tf.add(tf.matMul(a!, b!), column!), { column: float(["n", 1]) }),
    ).toEqual({ MatMul: 1, Add: 1 });
  });

  test("numbers too large to be multiplied", async () => {
    expect(await ops(({ a, b }) => tf.matMul(tf.mul(a!, 1e30), b!))).toEqual({ Mul: 1, MatMul: 1 });
  });
});

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { comparePasses, type OpCounts, type PassCase } from "../fixtures/compare-passes.ts";
import { float } from "../kernels/cases/kernel-case.ts";

const ops = async (passCase: PassCase): Promise<OpCounts> => (await comparePasses(passCase)).after;

const x = float(["n", 6]);
const row = float([6]);

describe("numbers", () => {
  test("several factors are one", async () => {
    const run: PassCase["run"] = ({ x }) => tf.neg(tf.mul(tf.div(tf.mul(x!, 3), 4), 5));
    expect(await ops({ inputs: { x }, run })).toEqual({ Mul: 1 });
  });

  test("factors that cancel leave nothing", async () => {
    const run: PassCase["run"] = ({ x }) => tf.exp(tf.mul(tf.mul(x!, 4), 0.25));
    expect(await ops({ inputs: { x }, run })).toEqual({ Exp: 1 });
  });

  test("what others use is left to them", async () => {
    const run: PassCase["run"] = ({ x }) => {
      const tripled = tf.mul(x!, 3);
      return tf.add(tf.exp(tripled), tf.mul(tripled, 5));
    };
    expect(await ops({ inputs: { x }, run })).toMatchObject({ Mul: 2 });
  });

  test("a quotient stays exact", async () => {
    const sevens: PassCase = {
      inputs: { x: float(["n"], [7, 14, 21, 343, 49, 1001, 700]) },
      run: ({ x }) => tf.floor(tf.div(x!, 49)),
      tolerance: 0,
    };
    expect(await ops(sevens)).toEqual({ Div: 1, Floor: 1 });
    const eights = { ...sevens, run: ({ x }: Parameters<PassCase["run"]>[0]) => tf.floor(tf.div(x!, 8)) };
    expect(await ops(eights)).toEqual({ Mul: 1, Floor: 1 });
  });

  test("factors that would overflow together are left apart", async () => {
    const run: PassCase["run"] = ({ x }) => tf.mul(tf.mul(x!, 1e-30), 1e30);
    expect(await ops({ inputs: { x }, run, tolerance: 0 })).toEqual({ Mul: 2 });
  });

  test("whole numbers wrap as before", async () => {
    const run: PassCase["run"] = ({ x }) => {
      const large = tf.scalar(1 << 20, "int32");
      return tf.mul(tf.mul(x!, large), large);
    };
    const inputs = { x: { dtype: "int32", dims: ["n"] } } as const;
    expect(await ops({ inputs, run, tolerance: 0 })).toEqual({ Mul: 2 });
  });

  test("the small factor is multiplied, not the large one", async () => {
    const { before, after } = await comparePasses({
      inputs: { x, row },
      run: ({ x, row }) => tf.mul(tf.mul(x!, 3), tf.exp(row!)),
    });
    expect([before.Mul, after.Mul]).toEqual([2, 2]);
  });

  test("a sum is multiplied, not what is summed", async () => {
    const run: PassCase["run"] = ({ x }) => tf.exp(tf.mul(tf.mean(tf.mul(x!, 3), 1), 2));
    expect(await ops({ inputs: { x }, run })).toEqual({ ReduceMean: 1, Mul: 1, Exp: 1 });
  });
});

describe("signs", () => {
  test("a sum with a negative is a difference", async () => {
    const run: PassCase["run"] = ({ x, row }) => {
      const minus = tf.neg(tf.exp(row!));
      return tf.sub(tf.add(minus, x!), tf.neg(tf.sub(x!, tf.square(x!))));
    };
    const found = await ops({ inputs: { x, row }, run });
    expect(found.Neg).toBeUndefined();
  });

  test("the negative of a difference that is used elsewhere", async () => {
    const run: PassCase["run"] = ({ x, row }) => {
      const difference = tf.sub(x!, row!);
      return tf.mul(tf.exp(difference), tf.neg(difference));
    };
    expect(await ops({ inputs: { x, row }, run })).toMatchObject({ Sub: 1, Neg: 1 });
  });
});

test("the gradient of a mean of squares is one product", async () => {
  const { before, after } = await comparePasses({
    inputs: { x: float([64, 6]), weights: float([6, 3]), y: float([64, 3]) },
    run: ({ x, weights, y }) => tf.grad((w) => tf.mean(tf.square(tf.sub(tf.matMul(x!, w), y!))))(weights!),
  });
  expect(before.Mul).toBeGreaterThan(0);
  expect(after).toEqual({ MatMul: 1, Sub: 1, Gemm: 1 });
});

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { comparePasses, rewriteCase } from "../fixtures/compare-passes.ts";
import { listNodes } from "../graph/graph.ts";
import { float } from "../kernels/cases/kernel-case.ts";

type Run = (x: tf.Tensor) => tf.Tensor;

/** How many axes the second operand of the op has. */
async function rankOfNumber(
  dims: readonly (number | "n")[],
  op: string,
  run: Run,
): Promise<number | undefined> {
  const passCase = { inputs: { x: float(dims) }, run: ({ x }: Record<string, tf.Tensor>) => run(x!) };
  await comparePasses({ ...passCase, tolerance: 0 });
  const node = listNodes(rewriteCase(passCase).after.graph).find((other) => other.op === op);
  return node?.inputs[1]?.dims.length;
}

test("a number beside a column has as many axes", async () => {
  expect(await rankOfNumber(["n", 5, 1], "Add", (x) => tf.add(x, 0.5))).toBe(3);
  expect(await rankOfNumber(["n", 1], "Mul", (x) => tf.mul(x, 3))).toBe(2);
});

test("beside anything else it has none", async () => {
  expect(await rankOfNumber(["n", 1, 5], "Add", (x) => tf.add(x, 0.5))).toBe(0);
  expect(await rankOfNumber([], "Mul", (x) => tf.mul(x, 3))).toBe(0);
});

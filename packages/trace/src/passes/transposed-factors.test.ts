import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { comparePasses, type PassCase, rewriteCase } from "../fixtures/compare-passes.ts";
import { emitModel } from "../graph/emit.ts";
import type { TracedGraph } from "../graph/graph.ts";
import { float } from "../kernels/cases/kernel-case.ts";
import { copyTransposedFactors, simplify } from "./index.ts";

const passes = (graph: TracedGraph) => copyTransposedFactors(simplify(graph));

/** The gradient of weights `[inputs, outputs]` for so many rows. */
function gradient(rows: number | "n", inputs: number, outputs: number, factor = 1): PassCase {
  return {
    inputs: { x: float([rows, inputs]), weights: float([inputs, outputs]), dy: float([rows, outputs]) },
    run: ({ x, weights, dy }) =>
      tf.grad((w) => tf.mul(tf.sum(tf.mul(tf.matMul(x!, w), dy!)), factor))(weights!),
    sizes: [3, 65],
    // Sums of hundreds of products in another order.
    tolerance: 1e-4,
  };
}

test("the gradient of large weights copies the rows it reads", async () => {
  const { after } = await comparePasses(gradient(512, 128, 128), passes);
  expect(after).toEqual({ Transpose: 1, Reshape: 2, MatMul: 1 });
});

test("with a number in the product", async () => {
  const { after } = await comparePasses(gradient(512, 128, 128, 0.5), passes);
  expect(after).toEqual({ Transpose: 1, Reshape: 2, Gemm: 1 });
});

test("for any number of rows", async () => {
  const { after } = await comparePasses(gradient("n", 256, 256), passes);
  expect(after).toEqual({ Transpose: 1, Reshape: 2, MatMul: 1 });
});

test("small products, and few rows, are read in place", async () => {
  expect((await comparePasses(gradient(64, 16, 16), passes)).after).toEqual({ Gemm: 1 });
  expect((await comparePasses(gradient(8, 1000, 600), passes)).after).toEqual({ Gemm: 1 });
});

test("the gradient of a single column with a number in it reads rows", async () => {
  const { after } = await comparePasses(gradient(64, 16, 1, 0.5), passes);
  expect(after).toEqual({ Reshape: 2, Gemm: 1 });
  const ofAnyBatch = await comparePasses(gradient("n", 16, 1, 0.5), passes);
  expect(ofAnyBatch.after).toEqual({ Reshape: 2, Gemm: 1 });
});

test("a single column without a number is left to the engine", () => {
  expect(rewriteCase(gradient(4096, 2048, 1), passes).after.ops).toEqual({ Gemm: 1 });
});

test("two gradients share one copy", () => {
  const { after } = rewriteCase(
    {
      inputs: { x: float([512, 128]), key: float([128, 128]), value: float([128, 128]) },
      run({ x, key, value }) {
        const loss = (a: tf.Tensor, b: tf.Tensor) =>
          tf.sum(tf.mul(tf.matMul(x!, a), tf.exp(tf.matMul(x!, b))));
        const [dKey, dValue] = tf.grads(loss)([key!, value!]);
        return { dKey: dKey!, dValue: dValue! };
      },
    },
    passes,
  );
  const { nodes } = emitModel(after.graph, { name: "case", opset: 21 }).graph;
  expect(nodes.filter(({ op }) => op === "Transpose")).toHaveLength(1);
});

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { rewriteCase } from "../fixtures/compare-passes.ts";
import type { TracedGraph } from "../graph/graph.ts";
import { float, int } from "../kernels/cases/kernel-case.ts";
import { simplify } from "../passes/index.ts";
import { producer } from "../passes/rewrite.ts";
import { findTableGradient, type TableGradient } from "./table-gradient.ts";

/** The gradient of a table `[7, 4]` that `["n", 3]` places are looked up in. */
function gradientOf(loss: (rows: tf.Tensor) => tf.Tensor): TableGradient | undefined {
  const passCase = {
    inputs: { table: float([7, 4]), places: int(["n", 3]) },
    run: ({ table, places }: Record<string, tf.Tensor>) =>
      tf.grad((weights) => loss(tf.gather(weights, places as tf.Tensor1D)))(table!),
  };
  const { graph }: { graph: TracedGraph } = rewriteCase(passCase, simplify).after;
  return findTableGradient(graph.outputs[0]!.value);
}

test("rows leave as they were made: a Reshape would be copied", () => {
  const found = gradientOf((rows) => tf.sum(tf.exp(rows)));
  const [part] = found!.scattered;
  expect([found!.dense, part!.repeat]).toEqual([undefined, 1]);
  expect(part!.rows.dims).toHaveLength(3);
  expect(producer(part!.rows, "Reshape")).toBeUndefined();
});

test("one row for several places is given once", () => {
  const [part] = gradientOf((rows) => tf.sum(tf.exp(tf.mean(rows, 1))))!.scattered;
  expect(part!.repeat).toBe(3);
});

test("what is no scattered sum is none", () => {
  const { graph } = rewriteCase(
    { inputs: { x: float([7, 4]) }, run: ({ x }) => tf.grad((w) => tf.sum(tf.square(w)))(x!) },
    simplify,
  ).after;
  expect(findTableGradient(graph.outputs[0]!.value)).toBeUndefined();
});

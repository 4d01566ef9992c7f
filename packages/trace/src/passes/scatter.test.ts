import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { checkForward } from "../fixtures/run-case.ts";
import { float, int, type KernelCase } from "../kernels/cases/kernel-case.ts";
import { type TensorsByName, traceFunction } from "../trace-function.ts";

const ids = { low: 0, high: 9 };

/** The gradient of a table that is looked up three times, and of a penalty on it. */
const threeLookups: KernelCase = {
  name: "three lookups",
  inputs: {
    table: float([9, 4]),
    history: int(["n", 5], ids),
    item: int(["n"], ids),
    negatives: int([6], ids),
  },
  run: ({ table, history, item, negatives }) =>
    tf.grad((weights) => {
      const look = (at: tf.Tensor | undefined) => tf.gather(weights, at as tf.Tensor1D);
      const user = tf.mean(look(history), 1);
      const scores = tf.matMul(user, look(negatives), false, true);
      const penalty = tf.mul(tf.sum(tf.square(weights)), 0.1);
      return tf.add(tf.add(tf.sum(tf.mul(user, look(item))), tf.sum(tf.square(scores))), penalty);
    })(table!),
};

test("scattered gradients are added onto one table", async () => {
  const { nodes } = traceFunction((inputs: TensorsByName) => threeLookups.run(inputs) as tf.Tensor, {
    table: { dtype: "float32", dims: [9, 4] },
    history: { dtype: "int32", dims: ["n", 5] },
    item: { dtype: "int32", dims: ["n"] },
    negatives: { dtype: "int32", dims: [6] },
  }).graph;
  const count = (op: string) => nodes.filter((node) => node.op === op).length;
  // The two gradients of `user` are added by a Gemm. Places that were gathered from need no check (Where).
  expect([count("ScatterElements"), count("Add"), count("Where")]).toEqual([3, 0, 0]);
  await checkForward(threeLookups);
});

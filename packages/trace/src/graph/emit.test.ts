import { writeModel } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import type { Signature } from "../signature.ts";
import { traceFunction } from "../trace-function.ts";

function trace(signature: Signature, fn: (x: tf.Tensor) => tf.Tensor, sizes = {}) {
  const model = traceFunction(({ x }) => fn(x!), signature, { sizes });
  return { model, ops: model.graph.nodes.map(({ op }) => op) };
}

async function dimsOf(model: Parameters<typeof writeModel>[0], dims: readonly number[]) {
  const session = await InferenceSession.create(writeModel(model));
  const size = dims.reduce((product, dim) => product * dim, 1);
  const { output } = await session.run({ x: new Tensor("float32", new Float32Array(size), dims) });
  return output!.dims;
}

test("a reshape that leaves symbolic axes where they are needs no arithmetic", async () => {
  const { model, ops } = trace({ x: { dtype: "float32", dims: ["n", "t", 6] } }, (x) =>
    tf.reshape(x, [x.shape[0]!, x.shape[1]!, 2, 3]),
  );
  expect(ops).toEqual(["Reshape"]);
  expect(await dimsOf(model, [4, 5, 6])).toEqual([4, 5, 2, 3]);
  expect(await dimsOf(model, [0, 5, 6])).toEqual([0, 5, 2, 3]);
});

test("a reshape that moves symbolic axes works for none of them", async () => {
  const { model } = trace({ x: { dtype: "float32", dims: ["n", "t"] } }, (x) =>
    tf.reshape(x, [x.shape[1]!, x.shape[0]!]),
  );
  expect(await dimsOf(model, [3, 2])).toEqual([2, 3]);
  expect(await dimsOf(model, [0, 2])).toEqual([2, 0]);
});

test("half of a symbolic size is whole", async () => {
  const { model } = trace(
    { x: { dtype: "float32", dims: ["n", "t"] } },
    (x) => tf.slice(x, [0, 0], [x.shape[0]! / 2, (x.shape[1]! * 2) / 3]),
    { n: [12, 16, 20], t: [9, 15, 21] },
  );
  expect(await dimsOf(model, [6, 6])).toEqual([3, 4]);
});

test("one size times itself", async () => {
  const { model } = trace({ x: { dtype: "float32", dims: ["n", "n"] } }, (x) =>
    tf.pad(tf.reshape(x, [-1]), [[0, x.size]]),
  );
  expect(await dimsOf(model, [3, 3])).toEqual([18]);
});

test.each([17, 18, 21])("reductions are written for opset %i", async (opset) => {
  const model = traceFunction(
    ({ x }) => tf.sub(tf.max(x!, 1), tf.mul(tf.mean(x!, 1), tf.prod(x!, 1))),
    { x: { dtype: "float32", dims: ["n", 3] } },
    { opset },
  );
  const session = await InferenceSession.create(writeModel(model));
  const x = new Tensor("float32", Float32Array.of(1, 2, 3, -1, 0.5, 3.5), [2, 3]);
  const { output } = await session.run({ x });
  expect(Array.from(output!.data as Float32Array)).toEqual([3 - 2 * 6, 3.5 - 1 * -1.75]);
});

test("sizes that follow no formula are read off the values that have them", async () => {
  const { model, ops } = trace({ x: { dtype: "float32", dims: ["n", "t", 3] } }, (x) => {
    const half = tf.stridedSlice(x, [0, 0, 0], [0, 0, 0], [1, 2, 1], 7, 7);
    const [batch, length, width] = half.shape as [number, number, number];
    // Axes that come and go, a size beside another, a size in a shape of its own, a multiple of it.
    const rows = tf.reshape(tf.squeeze(tf.expandDims(half, 1), [1]), [batch * length, width]);
    const back = tf.transpose(tf.reshape(rows, [batch, length, width]), [1, 0, 2]);
    return tf.pad(tf.add(back, tf.ones([length, 1, 1])), [
      [0, 2 * length],
      [0, 0],
      [0, 0],
    ]);
  });
  expect(ops.filter((op) => op === "Unsqueeze" || op === "Squeeze")).toEqual([]);
  expect(await dimsOf(model, [2, 5, 3])).toEqual([9, 2, 3]);
  expect(await dimsOf(model, [2, 8, 3])).toEqual([12, 2, 3]);
});

test("an axis beside sizes that follow no formula", async () => {
  const { model, ops } = trace({ x: { dtype: "float32", dims: ["n", "t", 3] } }, (x) =>
    tf.expandDims(tf.stridedSlice(x, [0, 0, 0], [0, 0, 0], [2, 2, 1], 7, 7), 1),
  );
  expect(ops).toEqual(["Slice", "Unsqueeze"]);
  expect(await dimsOf(model, [3, 4, 3])).toEqual([2, 1, 2, 3]);
});

test("a sum of two symbolic sizes", async () => {
  const model = traceFunction(
    ({ a, b }) => {
      const both = tf.concat([a!, b!]);
      return tf.reshape(tf.tile(both, [1, 2]), [2 * both.shape[0]!, 3]);
    },
    { a: { dtype: "float32", dims: ["n", 3] }, b: { dtype: "float32", dims: ["m", 3] } },
  );
  const session = await InferenceSession.create(writeModel(model));
  const rows = (count: number) => new Tensor("float32", new Float32Array(count * 3), [count, 3]);
  const { output } = await session.run({ a: rows(2), b: rows(5) });
  expect(output!.dims).toEqual([14, 3]);
});

import { writeModel } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients, which tfjs-core's Node build lacks.
import "@tensorflow/tfjs-layers";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, expect, test } from "vitest";
import { traceFunction } from "../trace-function.ts";

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

const signature = { x: { dtype: "float32", dims: ["batch"] } } as const;

test("the logarithm of a sigmoid and its gradient hold where the engine's own sigmoid is 0", async () => {
  const loss = (x: tf.Tensor) => tf.neg(tf.sum(tf.log(tf.sigmoid(x))));
  const model = traceFunction(({ x }) => ({ loss: loss(x!), gradient: tf.grad(loss)(x!) }), signature);
  const session = await InferenceSession.create(writeModel(model));
  const values = Float32Array.of(-80, -40, -20, -14, -1, 0, 5, 40);
  const { loss: actual, gradient } = await session.run({ x: new Tensor("float32", values, [values.length]) });
  await session.release();
  const expected = loss(tf.tensor1d(values)).dataSync()[0]!;
  expect(Number(actual!.data[0]) / expected).toBeCloseTo(1, 5);
  const slopes = tf.grad(loss)(tf.tensor1d(values)).dataSync();
  for (const [at, slope] of slopes.entries()) expect(Number(gradient!.data[at])).toBeCloseTo(slope, 5);
});

test("other sigmoids are one node", () => {
  const model = traceFunction(({ x }) => tf.mul(tf.sigmoid(x!), x!), signature);
  expect(model.graph.nodes.map(({ op }) => op)).toEqual(["Sigmoid", "Mul"]);
});

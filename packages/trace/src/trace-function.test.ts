import { writeModel } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { traceFunction } from "./trace-function.ts";

// tfjs greets on the console unless told that this is production.
tf.env().set("PROD", true);

test("a function of two inputs runs at any batch", async () => {
  const w = tf.tensor2d([1, 2, 3], [1, 3]);
  const model = traceFunction(
    ({ x, y }) => tf.add(tf.mul(x!, w), tf.div(tf.add(y!, tf.ones(y!.shape)), tf.scalar(y!.shape[0]!))),
    { x: { dtype: "float32", dims: ["batch", 3] }, y: { dtype: "float32", dims: ["batch", 1] } },
    { weightNames: new Map([[w, "w"]]) },
  );
  const session = await InferenceSession.create(writeModel(model));
  const { output } = await session.run({
    x: new Tensor("float32", Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
    y: new Tensor("float32", Float32Array.of(1, 3), [2, 1]),
  });
  expect(model.graph.nodes.map(({ op }) => op)).not.toContain("Expand");
  expect(Array.from(output!.data as Float32Array)).toEqual([2, 5, 10, 6, 12, 20]);
});

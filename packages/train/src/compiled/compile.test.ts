import "@tensorflow/tfjs-backend-cpu";
import { createRandom } from "@attune/metrics";
import { float32Tensor } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { createTestSession } from "../fixtures/session.ts";
import { compileTraining } from "./compile.ts";

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

test.each(["onnxruntime", "wasm", "cpu"] as const)("%s takes steps", async (backend) => {
  const kernel = tf.variable(tf.ones([3, 1]));
  const training = await compileTraining(
    ({ x }) => tf.mean(tf.square(tf.matMul(x as tf.Tensor2D, kernel as unknown as tf.Tensor2D))),
    {
      signature: { x: { dtype: "float32", dims: ["batch", 3] } },
      variables: { kernel },
      optimizer: tf.train.adam(0.01),
      backend,
      createSession: createTestSession,
    },
  );
  const random = createRandom(1);
  const losses: number[] = [];
  for (let step = 0; step < 20; step++) {
    const values = Float32Array.from({ length: 12 }, () => random.normal());
    losses.push((await training.step({ x: float32Tensor(values, [4, 3]) })).loss);
  }
  expect(losses[0]).toBeGreaterThan(0);
  expect(training.stepCount).toBe(20);
  await training.close();
  kernel.dispose();
});

import "@tensorflow/tfjs-backend-cpu";
import { float32Tensor } from "@attune/onnx";
import { createTestSession, failureOf } from "@attune/testkit";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { compileTraining } from "./compile.ts";
import { createNoisyBatch } from "./fixtures/noisy-problem.ts";
import { startNoisyLoss } from "./fixtures/start.ts";

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

const backends = ["onnxruntime", "cpu"] as const;

describe.each(backends)("%s: a loss that is not finite", (backend) => {
  test("because of the data: the input is named, the state is that of the last good step", async () => {
    const training = await startNoisyLoss({ backend });
    await training.step(createNoisyBatch(4, 1));
    const before = await training.state();
    const batch = createNoisyBatch(4, 2);
    (batch.y!.data as Float32Array)[2] = Number.POSITIVE_INFINITY;
    const failure = await failureOf(() => training.step(batch));
    expect(failure.code).toBe("TRAIN_NOT_FINITE");
    expect(failure.details).toMatchObject({ step: 2, tensor: "y", what: "the input y (element 2)" });
    expect(await training.state()).toEqual(before);
    expect(training.stepCount).toBe(1);
    await training.close();
  });

  test("because of the loss itself", async () => {
    const kernel = tf.variable(tf.ones([1]));
    const training = await compileTraining(({ x }) => tf.mean(tf.log(tf.mul(x!, kernel))), {
      signature: { x: { dtype: "float32", dims: ["batch"] } },
      variables: { kernel },
      optimizer: tf.train.sgd(0.1),
      createSession: createTestSession,
      backend,
    });
    await training.step({ x: float32Tensor([1, 2], [2]) });
    const failure = await failureOf(() => training.step({ x: float32Tensor([1, -1], [2]) }));
    expect(failure.details).toMatchObject({ step: 2, tensor: "loss", what: "the loss" });
    await training.close();
  });

  test("because of a variable that the step before broke: both steps are as if they had not been", async () => {
    const kernel = tf.variable(tf.ones([1]));
    // The root of 0 has an infinite slope, so the loss is good and its gradient is not.
    const training = await compileTraining(({ x }) => tf.mean(tf.sqrt(tf.relu(tf.mul(x!, kernel)))), {
      signature: { x: { dtype: "float32", dims: ["batch"] } },
      variables: { kernel },
      optimizer: tf.train.sgd(0.1),
      createSession: createTestSession,
      backend,
    });
    await training.step({ x: float32Tensor([1, 2], [2]) });
    const before = await training.state();
    const failure = await failureOf(async () => {
      for (let step = 2; step < 4; step++) await training.step({ x: float32Tensor([0, 1], [2]) });
    });
    expect(failure.code).toBe("TRAIN_NOT_FINITE");
    expect(failure.details).toMatchObject({ step: 2 });
    expect(failure.message).toContain("kernel");
    expect(await training.state()).toEqual(before);
    expect(training.stepCount).toBe(1);
    await training.close();
  });
});

import "@tensorflow/tfjs-backend-cpu";
import { createTestSession } from "@attune/testkit";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { compileTraining } from "./compile.ts";
import { createRows, trainingModels } from "./fixtures/models.ts";
import { optimizers } from "./fixtures/optimizers.ts";

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

const stepCount = 50;

/** Of a loss, relative above 1: float32 sums in another order, through fifty updates. Measured: at most 8e-7. */
const tolerance = 1e-5;

describe.each(trainingModels)("$name", (model) => {
  test.each(Object.keys(optimizers))("%s: 50 steps follow tfjs", async (name) => {
    const createOptimizer = optimizers[name]!;
    const batches = Array.from({ length: stepCount }, (_, step) =>
      createRows(model, 6 + (step % 2), 100 + step),
    );
    const training = await compileTraining(model.create(), {
      optimizer: createOptimizer(),
      loss: model.loss,
      createSession: createTestSession,
    });
    const actual: number[] = [];
    for (const batch of batches) actual.push((await training.step(batch)).loss);
    await training.close();

    const reference = model.create();
    reference.compile({ optimizer: createOptimizer(), loss: model.loss });
    let worst = 0;
    for (const [step, { x, y }] of batches.entries()) {
      const [input, target] = [x, y].map(({ data, dims }) => tf.tensor(data as Float32Array, [...dims]));
      const expected = Number(await reference.trainOnBatch(input!, target!));
      tf.dispose([input!, target!]);
      worst = Math.max(worst, Math.abs(actual[step]! - expected) / Math.max(1, Math.abs(expected)));
    }
    expect(worst).toBeLessThan(tolerance);
  });
});

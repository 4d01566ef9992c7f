/** A training that runs in Node and in a tab alike: only the session differs. */
import "@tensorflow/tfjs-backend-cpu";
import { compileTraining } from "@attune/compile";
import type { CreateSession } from "@attune/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { createRows, trainingModels } from "../../../packages/compile/src/fixtures/models.ts";

export interface TabTraining {
  readonly backend: string;
  /** Before each step. */
  readonly losses: readonly number[];
  /** Of the model itself, after its weights were written back. */
  readonly prediction: readonly number[];
}

export async function trainOn(
  createSession: CreateSession,
  name: string,
  stepCount: number,
): Promise<TabTraining> {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
  const found = trainingModels.find((model) => model.name === name);
  if (found === undefined) throw new Error(`no model ${name}`);
  const model = found.create();
  const training = await compileTraining(model, {
    optimizer: tf.train.adam(0.01),
    loss: found.loss,
    createSession,
  });
  const losses: number[] = [];
  for (let step = 0; step < stepCount; step++) {
    losses.push((await training.step(createRows(found, 6 + (step % 2), step))).loss);
  }
  await training.writeBack();
  await training.close();
  const { data, dims } = createRows(found, 2, 99).x;
  const prediction = model.predict(tf.tensor(data as Float32Array, [...dims])) as tf.Tensor;
  return { backend: training.backend.backend, losses, prediction: Array.from(prediction.dataSync()) };
}

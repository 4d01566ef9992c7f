import { deserialize, serialize } from "node:v8";
import "@tensorflow/tfjs-backend-cpu";
import { failureOf } from "@attune/testkit";
import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, test } from "vitest";
import type { TrainingCheckpoint } from "./checkpoint.ts";
import type { Stream } from "./data/source.ts";
import type { FitOptions } from "./fit/options.ts";
import { createNoisyBatch } from "./fixtures/noisy-problem.ts";
import { findModel, startModel, startNoisyLoss } from "./fixtures/start.ts";
import type { Training } from "./training.ts";

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

/** Through bytes and JSON, as a program would save it. */
function saveAndLoad({ record, tensors }: TrainingCheckpoint): TrainingCheckpoint {
  return {
    record: JSON.parse(JSON.stringify(record)),
    tensors: deserialize(serialize(tensors)),
  };
}

const data = createNoisyBatch(23, 7);
/** Blocks of uneven sizes. */
const stream: Stream = async function* (epoch) {
  for (const rows of [4, 9, 1, 9]) yield createNoisyBatch(rows, 100 * epoch + rows);
};

const options: FitOptions = {
  epochs: 4,
  batchSize: 5,
  schedule: { kind: "cosine", steps: 20 },
  validation: createNoisyBatch(6, 8),
  earlyStopping: { patience: 2 },
};

/** Stops after some steps by an exception of the caller's own, as a process that dies would. */
async function fitUntil(
  training: Training,
  source: typeof data | Stream,
  lastStep: number,
): Promise<TrainingCheckpoint> {
  let saved: TrainingCheckpoint | undefined;
  const save = (checkpoint: TrainingCheckpoint) => {
    if (checkpoint.record.progress.step !== lastStep) return;
    saved = checkpoint;
    throw new Error("the process died");
  };
  const failure = training.fit(source, { ...options, checkpoint: { everySteps: 1, save } });
  await expect(failure).rejects.toThrow("the process died");
  return saveAndLoad(saved!);
}

describe.each(["onnxruntime", "cpu", "wasm"] as const)("%s", (backend) => {
  // 5 batches a pass: in the middle of the first, at the end of the second, in the middle of the third.
  test.each([2, 10, 13])("after %i steps: going on is bit for bit never having stopped", async (lastStep) => {
    for (const source of [data, stream]) {
      const straight = await startNoisyLoss({ backend });
      const history = await straight.fit(source, options);
      const broken = await startNoisyLoss({ backend });
      const checkpoint = await fitUntil(broken, source, lastStep);
      const resumed = await startNoisyLoss({ backend });
      await resumed.restore(checkpoint);
      expect(resumed.stepCount).toBe(lastStep);
      expect(await resumed.fit(source, options)).toEqual(history);
      expect(await resumed.state()).toEqual(await straight.state());
      expect(resumed.stepCount).toBe(straight.stepCount);
      for (const training of [straight, broken, resumed]) await training.close();
    }
  });
});

test("a training that fit is resumed from its own checkpoint at the end of each pass", async () => {
  const checkpoints: TrainingCheckpoint[] = [];
  const training = await startNoisyLoss();
  await training.fit(data, {
    ...options,
    epochs: 3,
    checkpoint: { save: (made) => void checkpoints.push(made) },
  });
  expect(checkpoints.map(({ record }) => record.progress.epoch)).toEqual([1, 2, 3]);
  const again = await startNoisyLoss();
  await again.restore(checkpoints[0]!);
  await again.fit(data, { ...options, epochs: 3 });
  expect(await again.state()).toEqual(await training.state());
  await Promise.all([training.close(), again.close()]);
});

test("from one backend to another", async () => {
  const first = await startNoisyLoss({ backend: "onnxruntime" });
  await first.fit(data, { epochs: 1, batchSize: 5 });
  const second = await startNoisyLoss({ backend: "cpu" });
  await second.restore(await first.checkpoint());
  const [{ loss }, { loss: same }] = [await first.step(data), await second.step(data)];
  expect(same).toBeCloseTo(loss, 6);
  await Promise.all([first.close(), second.close()]);
});

test("a model made anew, whose layers have other numbers", async () => {
  const model = findModel("dense");
  const first = await startModel(model);
  await first.step({ x: tf.ones([2, 5]), y: tf.zeros([2, 3]) });
  const checkpoint = saveAndLoad(await first.checkpoint());
  tfl.layers.dense({ units: 1 });
  const second = await startModel(model);
  expect(Object.keys(await second.state())).not.toEqual(Object.keys(await first.state()));
  await second.restore(checkpoint);
  expect(Object.values(await second.state())).toEqual(Object.values(await first.state()));
  await Promise.all([first.close(), second.close()]);
});

test("a checkpoint of something else is refused with everything that differs, and nothing changes", async () => {
  const training = await startNoisyLoss({ seed: 1 });
  const before = await training.state();
  const other = await startNoisyLoss({ seed: 2, optimizer: tf.train.sgd(0.1) });
  const checkpoint = await other.checkpoint();
  const { hidden, ...rest } = checkpoint.tensors;
  const broken = {
    ...checkpoint,
    tensors: { ...rest, out: { ...hidden!, dims: [24] } as typeof hidden & object },
  };
  const failure = await failureOf(() => training.restore(broken));
  expect(failure.code).toBe("TRAIN_CHECKPOINT");
  expect(failure.message).toContain("seed 2, this training has 1");
  expect(failure.message).toContain("hidden is missing");
  expect(failure.message).toContain("out is float32 [24], expected float32 [6, 1]");
  expect(failure.message).toContain("hidden/m is missing");
  expect(await training.state()).toEqual(before);
  const unread = { ...checkpoint, record: { ...checkpoint.record, format: 2 as 1 } };
  expect((await failureOf(() => training.restore(unread))).message).toContain("its format is 2");
  await Promise.all([training.close(), other.close()]);
});

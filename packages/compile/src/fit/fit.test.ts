import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import "@tensorflow/tfjs-backend-cpu";
import type { Tensor } from "@attune/contracts";
import { float32Tensor } from "@attune/onnx";
import { createTestSession, failureOf } from "@attune/testkit";
import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, test } from "vitest";
import { compileTraining } from "../compile.ts";
import type { Data } from "../data/read-data.ts";
import type { Stream } from "../data/source.ts";
import { createRows } from "../fixtures/models.ts";
import { createNoisyBatch } from "../fixtures/noisy-problem.ts";
import { findModel, startModel, startNoisyLoss } from "../fixtures/start.ts";
import type { CompileEvent } from "../options.ts";
import type { FitEvent } from "./events.ts";
import type { FitOptions } from "./options.ts";

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

function toTf({ data, dims }: Tensor): tf.Tensor {
  return tf.tensor(data as Float32Array, [...dims]);
}

describe("as tfjs's own fit", () => {
  const model = findModel("embedding");
  const rows = createRows(model, 21, 1);
  const validation = createRows(model, 9, 2);

  test.each([{}, { classWeights: { 0: 2, 1: 0.5, 2: 1.25 } }])("history and weights, %j", async (weights) => {
    const own = model.create();
    const training = await compileTraining(own, {
      optimizer: tf.train.momentum(0.1, 0.9),
      loss: model.loss,
      metrics: ["accuracy"],
      createSession: createTestSession,
    });
    const options = { epochs: 3, batchSize: 6, shuffle: false };
    const history = await training.fit(rows, { ...options, ...weights, validation });
    await training.close();

    const reference = model.create();
    reference.compile({ optimizer: tf.train.momentum(0.1, 0.9), loss: model.loss, metrics: ["accuracy"] });
    const { history: expected } = await reference.fit(toTf(rows.x), toTf(rows.y), {
      ...options,
      validationData: [toTf(validation.x), toTf(validation.y)],
      verbose: 0,
      ...("classWeights" in weights && { classWeight: weights.classWeights }),
    });
    for (const [name, values] of Object.entries(expected)) {
      const actual = history.epochs.map(({ numbers }) => numbers[name]);
      // float32 sums in another order.
      for (const [at, value] of values.entries()) expect(actual[at], name).toBeCloseTo(Number(value), 5);
    }
    // fit writes back into the model it was given.
    for (const [at, weight] of own.getWeights().entries()) {
      const wanted = reference.getWeights()[at]!.dataSync();
      for (const [index, value] of weight.dataSync().entries()) expect(value).toBeCloseTo(wanted[index]!, 5);
    }
  });

  test("a step by hand after weighted ones counts every row once", async () => {
    const training = await startModel(model);
    await training.fit(rows, { batchSize: 6, classWeights: { 0: 2, 1: 0.5, 2: 1.25 } });
    const { loss } = await training.evaluate(rows, { batchSize: 21 });
    expect((await training.step(rows)).loss).toBeCloseTo(loss, 5);
    await training.close();
  });

  test("several inputs and outputs, a loss and metrics for each, penalties", async () => {
    const create = () => {
      const inputs = ["left", "right"].map((name) => tfl.input({ shape: [3], name }));
      const joined = tfl.layers.concatenate().apply(inputs) as tfl.SymbolicTensor;
      const output = (name: string, units: number, activation: "sigmoid" | "linear") =>
        tfl.layers
          .dense({
            name,
            units,
            activation,
            kernelInitializer: tfl.initializers.glorotUniform({ seed: units }),
            kernelRegularizer: tfl.regularizers.l2({ l2: 0.05 }),
          })
          .apply(joined) as tfl.SymbolicTensor;
      return tfl.model({ inputs, outputs: [output("likes", 1, "sigmoid"), output("rates", 2, "linear")] });
    };
    const compiled = {
      loss: { likes: "binaryCrossentropy", rates: "meanSquaredError" },
      metrics: { likes: "accuracy" },
    };
    const values = (count: number, scale: number) =>
      Float32Array.from({ length: count }, (_, at) => Math.sin(at * scale));
    const data = {
      left: float32Tensor(values(30, 1.1), [10, 3]),
      right: float32Tensor(values(30, 2.3), [10, 3]),
      likes: float32Tensor(
        values(10, 3.7).map((value) => (value > 0 ? 1 : 0)),
        [10, 1],
      ),
      rates: float32Tensor(values(20, 0.7), [10, 2]),
    };
    const training = await compileTraining(create(), {
      optimizer: tf.train.sgd(0.1),
      ...compiled,
      createSession: createTestSession,
    });
    const history = await training.fit(data, { epochs: 2, batchSize: 4, shuffle: false });
    await training.close();
    const reference = create();
    reference.compile({ optimizer: tf.train.sgd(0.1), ...compiled });
    const { history: expected } = await reference.fit(
      [toTf(data.left), toTf(data.right)],
      [toTf(data.likes), toTf(data.rates)],
      { epochs: 2, batchSize: 4, shuffle: false, verbose: 0 },
    );
    expect(Object.keys(history.epochs[0]!.numbers).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, list] of Object.entries(expected)) {
      for (const [at, value] of list.entries()) {
        expect(history.epochs[at]!.numbers[name], name).toBeCloseTo(Number(value), 5);
      }
    }
  });
});

/** What a loss saw, row by row: each row's number is in its first column. */
async function watch(data: Data | Stream, options: FitOptions, seed = 0) {
  const seen: number[][] = [];
  const kernel = tf.variable(tf.zeros([1]));
  const training = await compileTraining(
    ({ x }) => {
      seen.push(Array.from((x as tf.Tensor2D).dataSync()));
      return tf.sum(tf.mul(tf.mean(x!, 0), kernel)) as tf.Scalar;
    },
    {
      signature: { x: { dtype: "float32", dims: ["batch", 1] } },
      variables: { kernel },
      optimizer: tf.train.sgd(0.1),
      backend: "cpu",
      seed,
    },
  );
  await training.fit(data, options);
  await training.close();
  return seen;
}

describe("the order of rows", () => {
  const numbers = (count: number, start = 0) =>
    float32Tensor(
      Float32Array.from({ length: count }, (_, at) => start + at),
      [count, 1],
    );
  const data = { x: numbers(10) };
  const stream: Stream = async function* () {
    for (let start = 0; start < 100; start += 20) yield { x: numbers(20, start) };
  };
  const sorted = (batches: number[][]) => batches.flat().sort((a, b) => a - b);

  test("as given, the last batch smaller, or left out", async () => {
    const given = { batchSize: 4, shuffle: false } as const;
    expect(await watch(data, given)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(await watch(data, { ...given, remainder: "drop" })).toHaveLength(2);
    expect((await watch(stream, { ...given, batchSize: 30 })).map((batch) => batch.length)).toEqual([
      30, 30, 30, 10,
    ]);
    expect((await watch(stream, { ...given, batchSize: 30 })).flat()).toEqual(
      sorted(await watch(stream, given)),
    );
  });

  test("every row once a pass, in an order of seed and pass only", async () => {
    const two = await watch(data, { epochs: 2, batchSize: 4 });
    expect(sorted(two.slice(0, 3))).toEqual(Array.from({ length: 10 }, (_, at) => at));
    expect(two.slice(3)).not.toEqual(two.slice(0, 3));
    expect((await watch(data, { epochs: 1, batchSize: 4 })).flat()).toEqual(two.slice(0, 3).flat());
    expect((await watch(data, { epochs: 1, batchSize: 5 })).flat()).toEqual(two.slice(0, 3).flat());
    expect(await watch(data, { epochs: 2, batchSize: 4 }, 1)).not.toEqual(two);
  });

  test("a stream through a buffer: every row once, none earlier than the buffer allows", async () => {
    const rows = (await watch(stream, { batchSize: 8, shuffle: { bufferRows: 15 } })).flat();
    expect(sorted([rows])).toEqual(Array.from({ length: 100 }, (_, at) => at));
    expect(rows).not.toEqual(sorted([rows]));
    for (const [at, row] of rows.entries()) expect(row).toBeLessThanOrEqual(at + 15);
    expect((await watch(stream, { batchSize: 8, shuffle: { bufferRows: 15 } })).flat()).toEqual(rows);
    const other = await watch(stream, { epochs: 2, batchSize: 8, shuffle: { bufferRows: 15 } });
    expect(other.flat().slice(0, 100)).toEqual(rows);
    expect(other.flat().slice(100)).not.toEqual(rows);
  });
});

/** Bytes that are still in use after a collection. */
function measureHeap(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe("fit", () => {
  test("tells every step and pass", async () => {
    const events: (FitEvent | CompileEvent)[] = [];
    const training = await startNoisyLoss({ onEvent: (event) => events.push(event) });
    await training.fit(createNoisyBatch(7, 1), {
      epochs: 2,
      batchSize: 4,
      onEvent: (event) => events.push(event),
    });
    expect(events[0]).toEqual({ type: "backend", backend: "onnxruntime", reason: "asked for by name" });
    expect(events.slice(1).map(({ type }) => type)).toEqual([
      "step",
      "step",
      "epoch",
      "step",
      "step",
      "epoch",
    ]);
    expect(events[5]).toMatchObject({ epoch: 2, batch: 2, batchCount: 2, step: 4, learningRate: 0.02 });
    expect(events[6]).toMatchObject({
      type: "epoch",
      epoch: 2,
      epochs: 2,
      step: 4,
      numbers: { loss: expect.any(Number) },
    });
    await training.close();
  });

  test("auto says why it took which backend", async () => {
    const events: CompileEvent[] = [];
    const onEvent = (event: CompileEvent) => events.push(event);
    const compiled = await startNoisyLoss({ backend: "auto", onEvent });
    const eager = await startNoisyLoss({ backend: "auto", createSession: undefined as never, onEvent });
    expect(events[0]).toMatchObject({
      backend: "onnxruntime",
      reason: "the whole step is one compiled graph",
    });
    expect(events[1]!.backend).toBe("wasm");
    expect(events[1]!.reason).toContain("onnxruntime: it needs `createSession`");
    expect(events[1]!.reason).toContain("tensorflow: @tensorflow/tfjs-node does not load");
    await Promise.all([compiled.close(), eager.close()]);
  });

  test("auto passes over an engine that cannot hold the loss, but not over a loss that is wrong", async () => {
    const kernel = tf.variable(tf.ones([1]));
    const options = {
      signature: { x: { dtype: "float32", dims: ["batch"] } },
      variables: { kernel },
      optimizer: tf.train.sgd(0.1),
      backend: "auto",
      createSession: createTestSession,
    } as const;
    const training = await compileTraining(({ x }) => {
      const loss = tf.mean(tf.mul(x!, kernel));
      return loss.dataSync()[0]! > 0 ? loss : tf.neg(loss);
    }, options);
    expect(training.backend.backend).toBe("wasm");
    expect(training.backend.reason).toContain("onnxruntime: cannot trace training");
    expect((await training.step({ x: float32Tensor([1, 2], [2]) })).loss).toBeCloseTo(1.5, 6);
    await training.close();
    const failure = await failureOf(() => compileTraining(({ x }) => tf.mul(x!, kernel), options));
    expect(failure.code).toBe("TRACE_LOSS");
  });

  test("stops between two steps at the caller's signal, and can go on", async () => {
    const training = await startNoisyLoss();
    const straight = await startNoisyLoss();
    const data = createNoisyBatch(12, 1);
    const options = { epochs: 2, batchSize: 4 };
    const controller = new AbortController();
    const onEvent = (event: FitEvent) => {
      if (event.type === "step" && event.step === 4) controller.abort("enough");
    };
    const failure = await failureOf(() =>
      training.fit(data, { ...options, onEvent, signal: controller.signal }),
    );
    expect(failure.code).toBe("TRAIN_ABORTED");
    expect(failure.cause).toBe("enough");
    expect(training.stepCount).toBe(4);
    await training.fit(data, options);
    await straight.fit(data, options);
    expect(await training.state()).toEqual(await straight.state());
    await Promise.all([training.close(), straight.close()]);
  });

  test("early stopping goes back to the best state, or stays", async () => {
    const model = findModel("dense");
    const [rows, validation] = [createRows(model, 12, 1), createRows(model, 12, 2)];
    const stopEarly = async (restoreBest: boolean) => {
      const training = await startModel(model, { optimizer: tf.train.adam(0.1) });
      const events: FitEvent[] = [];
      const onEvent = (event: FitEvent) => events.push(event);
      const earlyStopping = { patience: 3, restoreBest };
      const history = await training.fit(rows, { epochs: 60, validation, earlyStopping, onEvent });
      const { loss } = await training.evaluate(validation);
      await training.close();
      return { history, loss, stopped: events.find(({ type }) => type === "stopped") };
    };
    const { history, loss, stopped } = await stopEarly(true);
    const losses = history.epochs.map(({ numbers }) => numbers.val_loss!);
    const best = Math.min(...losses);
    expect(history.isStopped).toBe(true);
    expect(losses.length).toBe(history.bestEpoch! + 3);
    expect(losses[history.bestEpoch! - 1]).toBe(best);
    expect(loss).toBeCloseTo(best, 6);
    expect(stopped).toMatchObject({ bestEpoch: history.bestEpoch });
    expect((await stopEarly(false)).loss).toBeCloseTo(losses.at(-1)!, 6);
  });

  test("after early stopping a call with the same options does nothing, one without it goes on", async () => {
    const training = await startNoisyLoss();
    const data = createNoisyBatch(8, 1);
    const options = { epochs: 40, batchSize: 8, validation: data, earlyStopping: { minDelta: 0.5 } };
    const { epochs, isStopped } = await training.fit(data, options);
    expect(isStopped).toBe(true);
    const state = await training.state();
    expect((await training.fit(data, options)).epochs).toEqual(epochs);
    expect(await training.state()).toEqual(state);
    await training.fit(data, { epochs: epochs.length + 2, batchSize: 8 });
    expect(training.stepCount).toBe(epochs.length + 2);
    await training.close();
  });

  test("takes tfjs's own tensors, whole numbers, and labels without a second axis", async () => {
    const model = findModel("embedding");
    const { x, y } = createRows(model, 6, 1);
    const [first, second] = [await startModel(model), await startModel(model)];
    const { loss } = await first.step({ x, y });
    const whole = {
      x: tf.tensor2d(x.data as Float32Array, [6, 4], "int32"),
      y: tf.tensor1d(y.data as Float32Array, "int32"),
    };
    expect((await second.step(whole)).loss).toBe(loss);
    await Promise.all([first.close(), second.close()]);
  });

  test("memory is flat over many steps", async () => {
    const training = await startNoisyLoss();
    const data = createNoisyBatch(40, 1);
    await training.fit(data, { epochs: 2, batchSize: 4 });
    const before = { ...tf.memory() };
    const heapBefore = measureHeap();
    await training.fit(data, { epochs: 42, batchSize: 4 });
    // 400 steps; one kilobyte a step would be a leak that shows.
    expect(measureHeap() - heapBefore).toBeLessThan(400e3);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    expect(training.stepCount).toBe(420);
    await training.close();
  });
});

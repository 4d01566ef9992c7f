import "@tensorflow/tfjs-backend-cpu";
import type { CreateSession, Tensor } from "@attune/contracts";
import { float32Tensor, int32Tensor } from "@attune/onnx";
import { createTestSession, failureOf } from "@attune/testkit";
import type { Loss } from "@attune/trace";
import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, test } from "vitest";
import { compileTraining } from "./compile.ts";
import type { Stream } from "./data/source.ts";
import type { FitOptions } from "./fit/options.ts";
import { line } from "./fixtures/line.ts";
import { createRows } from "./fixtures/models.ts";
import { createNoisyBatch } from "./fixtures/noisy-problem.ts";
import { findModel, startModel, startNoisyLoss } from "./fixtures/start.ts";

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

const backends = ["onnxruntime", "cpu"] as const;

describe("compileTraining refuses", () => {
  test("options that do not fit, all at once", async () => {
    const failure = await failureOf(() =>
      line().training({
        seed: -1,
        threadCount: 0,
        weightDecay: Number.NaN,
        clip: { kind: "norm", value: 0 },
      }),
    );
    expect(failure.code).toBe("TRAIN_OPTIONS");
    for (const part of [
      "seed is -1",
      "threadCount is 0",
      "weightDecay is NaN",
      'clip is {"kind":"norm","value":0}',
    ]) {
      expect(failure.message).toContain(part);
    }
  });

  test("a backend that does not exist, and one that does not start, with the reason", async () => {
    const unknown = await failureOf(() => line().training({ backend: "webgl" as "cpu" }));
    expect(unknown.message).toContain(
      'no backend "webgl"; there are onnxruntime, tensorflow, wasm, cpu and auto',
    );
    const failure = await failureOf(() =>
      startNoisyLoss({ createSession: undefined as unknown as CreateSession }),
    );
    expect(failure.code).toBe("TRAIN_BACKEND");
    expect(failure.message).toContain("it needs `createSession`");
    const tensorflow = await failureOf(() => line().training({ backend: "tensorflow" }));
    expect(tensorflow.code).toBe("TRAIN_BACKEND");
    expect(tensorflow.message).toContain("@tensorflow/tfjs-node does not load");
  });

  test.each(backends)("%s: a loss that is not one number, metrics that are not", async (backend) => {
    const compile = async (given: Loss) => {
      const made = await compileTraining(given, {
        signature: { x: { dtype: "float32", dims: ["batch", 2] } },
        variables: { kernel: line().kernel },
        optimizer: tf.train.sgd(0.1),
        createSession: createTestSession,
        backend,
      });
      return made.step({ x: float32Tensor([1, 2], [1, 2]) });
    };
    const wide = await failureOf(() => compile(({ x }) => tf.square(x!)));
    expect(wide.code).toBe("TRACE_LOSS");
    expect(wide.message).toContain("not [] (one number)");
    const metric = await failureOf(() => compile(({ x }) => ({ loss: tf.mean(x!), metrics: { all: x! } })));
    expect(metric.message).toContain("the metric all, which has shape");
  });

  test.each(backends)("%s: variables that the loss does not reach", async (backend) => {
    const idle = tf.variable(tf.zeros([3]));
    const { kernel, training } = line({ backend });
    const failure = await failureOf(async () => {
      const made = await training({ variables: { kernel, idle } });
      await made.step({ x: float32Tensor([1, 2], [1, 2]) });
    });
    expect(failure.code).toBe("TRACE_UNREACHED");
    expect(failure.details).toMatchObject({ variables: ["idle"] });
  });

  test("a model without a loss, with an unknown one, with one for half of its outputs", async () => {
    const model = findModel("dense").create();
    const missing = await failureOf(() => compileTraining(model, { createSession: createTestSession }));
    expect(missing.message).toContain("optimizer is missing");
    const lossless = await failureOf(() => compileTraining(model, { optimizer: "adam" }));
    expect(lossless.message).toContain("loss is missing");
    const unknown = await failureOf(() => compileTraining(model, { optimizer: "adam", loss: "meanError" }));
    expect(unknown.code).toBe("TRAIN_OPTIONS");
    expect(unknown.message).toContain("Unknown loss meanError");
    const input = tfl.input({ shape: [2] });
    const outputs = ["a", "b"].map((name) => tfl.layers.dense({ units: 1, name }).apply(input));
    const double = tfl.model({ inputs: input, outputs: outputs as tfl.SymbolicTensor[] });
    const half = await failureOf(() =>
      compileTraining(double, { optimizer: "adam", loss: { a: "meanSquaredError" } }),
    );
    expect(half.message).toContain("loss has no entry for b");
  });

  test("a layer of one's own that draws its noise by itself: every step would see the same", async () => {
    class Noisy extends tfl.layers.Layer {
      static readonly className = "Noisy";
      override call(inputs: tf.Tensor | tf.Tensor[]) {
        const x = Array.isArray(inputs) ? inputs[0]! : inputs;
        return tf.add(x, tf.randomNormal(x.shape));
      }
    }
    const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 2, inputShape: [3] }), new Noisy()] });
    const failure = await failureOf(() =>
      compileTraining(model, {
        optimizer: "sgd",
        loss: "meanSquaredError",
        createSession: createTestSession,
      }),
    );
    expect(failure.code).toBe("TRACE_FROZEN");
    expect(failure.message).toContain("randomNormal");
  });

  test("a recurrent layer over a length that is free, until it is fixed", async () => {
    const [kernelInitializer, recurrentInitializer] = ["ones", "ones"] as const;
    const time = null as unknown as number;
    const model = tfl.sequential({
      layers: [
        tfl.layers.gru({
          name: "reader",
          units: 2,
          inputShape: [time, 3],
          kernelInitializer,
          recurrentInitializer,
        }),
      ],
    });
    const options = { optimizer: "sgd", loss: "meanSquaredError", createSession: createTestSession };
    const failure = await failureOf(() => compileTraining(model, options));
    expect(failure.code).toBe("TRACE_SHAPE_DEPENDENT");
    expect(failure.message).toContain("reader: each time step is trained by itself");
    expect(failure.message).toContain('dims: { "reader_input": ["batch",20,3] }');
    const training = await compileTraining(model, { ...options, dims: { reader_input: ["batch", 5, 3] } });
    await training.step({ x: tf.ones([2, 5, 3]), y: tf.ones([2, 2]) });
    await training.close();
    const unknown = await failureOf(() =>
      compileTraining(model, { ...options, dims: { nowhere: ["batch", 5, 3] } }),
    );
    expect(unknown.code).toBe("TRACE_SIGNATURE");
  });

  test("a model that keeps states from batch to batch", async () => {
    const model = tfl.sequential({
      layers: [
        tfl.layers.simpleRNN({
          units: 2,
          stateful: true,
          batchInputShape: [4, 3, 2],
          recurrentInitializer: "glorotUniform",
        }),
      ],
    });
    const failure = await failureOf(() =>
      compileTraining(model, {
        optimizer: "sgd",
        loss: "meanSquaredError",
        createSession: createTestSession,
      }),
    );
    expect(failure.code).toBe("TRAIN_OPTIONS");
    expect(failure.message).toContain("stateful");
  });
});

describe("data that does not fit", () => {
  test("a batch: every problem in one error, and the training goes on", async () => {
    const training = await startNoisyLoss();
    const before = await training.state();
    const failure = await failureOf(() =>
      training.step({ x: int32Tensor([1, 2, 3], [3]), z: float32Tensor([1], [1]) } as Record<string, Tensor>),
    );
    expect(failure.code).toBe("TRAIN_DATA");
    expect(failure.details).toMatchObject({
      issues: [
        "x is int32, expected float32 [batch, 4]",
        "x is [3], expected float32 [batch, 4]",
        "y is missing; it is float32 [batch, 1]",
        "z: no such input; the inputs are x, y",
      ],
    });
    const { x } = createNoisyBatch(3, 1);
    const { y } = createNoisyBatch(4, 1);
    expect((await failureOf(() => training.step({ x: x!, y: y! }))).message).toContain(
      "y has batch = 4, but x has 3",
    );
    const short = { ...x!, data: new Float32Array(5) } as Tensor;
    expect((await failureOf(() => training.fit({ x: short, y: y! }))).message).toContain(
      "x has 5 values, but [3, 4] holds 12",
    );
    expect(await training.state()).toEqual(before);
    await training.step(createNoisyBatch(3, 1));
    await training.close();
  });

  test("empty data, an empty stream, and rows that give no batch", async () => {
    const training = await startNoisyLoss();
    const empty = { x: float32Tensor([], [0, 4]), y: float32Tensor([], [0, 1]) };
    expect((await failureOf(() => training.fit(empty))).message).toContain("x is empty");
    const nothing: Stream = async function* () {};
    expect((await failureOf(() => training.fit(nothing))).message).toContain("gives no batch");
    const few = createNoisyBatch(3, 1);
    const failure = await failureOf(() => training.fit(few, { batchSize: 4, remainder: "drop" }));
    expect(failure.message).toContain("a smaller batchSize");
    expect((await failureOf(() => training.evaluate(nothing))).message).toContain("no rows");
    await training.close();
  });

  test("ids and labels out of range are named before the engine fails", async () => {
    const model = findModel("embedding");
    const training = await startModel(model);
    const { x, y } = createRows(model, 3, 1);
    (x.data as Float32Array).set([12, 3.5, -1]);
    (y.data as Float32Array)[1] = 3;
    const failure = await failureOf(() => training.step({ x, y }));
    expect(failure.code).toBe("TRAIN_DATA");
    expect(failure.message).toMatch(
      /_input: 3 numbers are no row of the embedding \w+, such as 12; there are 0 to 11/,
    );
    expect(failure.message).toContain("3 is no class; there are 0 to 2");
    expect((await failureOf(() => training.fit({ x, y }))).code).toBe("TRAIN_DATA");
    await training.close();
  });

  test("a stream whose third block is wrong stops there", async () => {
    const training = await startNoisyLoss();
    const stream: Stream = function* () {
      yield createNoisyBatch(4, 1);
      yield createNoisyBatch(4, 2);
      yield { x: createNoisyBatch(4, 3).x! };
    };
    const failure = await failureOf(() => training.fit(stream, { batchSize: 4, shuffle: false }));
    expect(failure.message).toContain("y is missing");
    expect(training.stepCount).toBe(2);
    await training.close();
  });

  test("rows that a fixed batch cannot hold", async () => {
    const { training: start } = line({ signature: { x: { dtype: "float32", dims: [3, 2] } } });
    const training = await start();
    const rows = (count: number) => ({ x: float32Tensor(new Float32Array(2 * count).fill(0.1), [count, 2]) });
    expect((await failureOf(() => training.fit(rows(6), { batchSize: 4 }))).message).toContain(
      "batchSize is 4, but the signature fixes 3 rows",
    );
    expect((await failureOf(() => training.fit(rows(7)))).message).toContain(
      "7 rows are no batches of 3, which the signature fixes: 1 are left",
    );
    const { epochs } = await training.fit(rows(7), { remainder: "drop", validation: rows(3) });
    expect(epochs[0]!.step).toBe(2);
    await training.close();
  });

  test("inputs without rows need ready batches", async () => {
    const kernel = tf.variable(tf.ones([2, 1]));
    const training = await compileTraining(
      ({ x, negatives }) =>
        tf.add(tf.mean(tf.matMul(x as tf.Tensor2D, kernel as tf.Variable<tf.Rank.R2>)), tf.sum(negatives!)),
      {
        signature: {
          x: { dtype: "float32", dims: ["batch", 2] },
          negatives: { dtype: "float32", dims: [3] },
        },
        variables: { kernel },
        optimizer: tf.train.sgd(0.1),
        createSession: createTestSession,
      },
    );
    const batch = { x: float32Tensor([1, 2, 3, 4], [2, 2]), negatives: float32Tensor([1, 2, 3], [3]) };
    expect((await failureOf(() => training.fit(batch))).message).toContain("negatives: no rows on axis 0");
    const history = await training.fit(() => [batch, batch], { batchSize: "block" });
    expect(history.epochs[0]!.step).toBe(2);
    await training.close();
  });
});

describe("fit refuses", () => {
  test("options that do not fit, all at once", async () => {
    const training = await startNoisyLoss();
    const options = {
      epochs: 0,
      batchSize: 1.5,
      shuffle: { bufferRows: 0 },
      remainder: "pad",
      earlyStopping: { patience: 0 },
      schedule: { kind: "step", every: 0, factor: 0.5 },
    } as unknown as FitOptions;
    const failure = await failureOf(() => training.fit(createNoisyBatch(3, 1), options));
    expect(failure.code).toBe("TRAIN_OPTIONS");
    expect(failure.details).toMatchObject({ issues: { length: 7 } });
    const weights = { classWeights: { 0: 1 } };
    expect((await failureOf(() => training.fit(createNoisyBatch(3, 1), weights))).message).toContain(
      "make weights an input of the loss",
    );
    const unknown = { earlyStopping: { monitor: "acc" } };
    expect((await failureOf(() => training.fit(createNoisyBatch(3, 1), unknown))).message).toContain(
      'no "acc" among loss, error',
    );
    await training.close();
  });

  test("a schedule that gives no number, and the step is not taken", async () => {
    const training = await startNoisyLoss();
    const before = await training.state();
    const failure = await failureOf(() =>
      training.fit(createNoisyBatch(3, 1), { schedule: (step) => Math.log(-1 - step) }),
    );
    expect(failure.message).toContain("the learning rate of step 1 is NaN");
    expect(await training.state()).toEqual(before);
    await training.close();
  });

  test("a second call while one is under way, and any call after close", async () => {
    const training = await startNoisyLoss();
    const first = training.step(createNoisyBatch(3, 1));
    expect((await failureOf(() => training.step(createNoisyBatch(3, 1)))).message).toContain("is under way");
    await first;
    await training.close();
    await training.close();
    expect((await failureOf(() => training.state())).code).toBe("RUNTIME_CLOSED");
  });

  test("a loss with noise as validation, unless it is told how to measure", async () => {
    const training = await startNoisyLoss({ evaluate: undefined as never });
    const failure = await failureOf(() => training.evaluate(createNoisyBatch(3, 1)));
    expect(failure.message).toContain("give `evaluate`");
    await training.close();
  });

  test("class weights that miss a class, or a target", async () => {
    const training = await startModel(findModel("embedding"));
    const rows = createRows(findModel("embedding"), 30, 1);
    const missing = await failureOf(() => training.fit(rows, { classWeights: { 0: 1, 2: 2 } }));
    expect(missing.message).toContain("class 1 has no weight");
    const unknown = await failureOf(() => training.fit(rows, { classWeights: { nowhere: { 0: 1 } } }));
    expect(unknown.message).toContain("no target nowhere");
    await training.close();
  });
});

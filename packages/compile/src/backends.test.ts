import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { beforeAll, expect, test } from "vitest";
import type { FitOptions } from "./fit/options.ts";
import { createRows, type TrainingModel } from "./fixtures/models.ts";
import { startModel } from "./fixtures/start.ts";
import type { CompileModelOptions } from "./options.ts";
import type { BackendName } from "./stepper/backends.ts";

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

const { layers, regularizers, initializers } = tfl;
const glorot = (seed: number) => initializers.glorotUniform({ seed });
const head = () => layers.dense({ units: 3, activation: "softmax", kernelInitializer: glorot(9) });
const dense = (args: Partial<Parameters<typeof layers.dense>[0]> = {}) =>
  layers.dense({ units: 6, activation: "tanh", kernelInitializer: glorot(1), ...args });

interface Options {
  readonly compile?: CompileModelOptions;
  readonly fit?: FitOptions;
}

interface Case extends Options {
  /** Draws noise in training. */
  readonly isRandom?: true;
  readonly inner: () => tfl.layers.Layer[];
  readonly inputDims?: readonly number[];
}

const recurrent = {
  kernelInitializer: glorot(1),
  recurrentInitializer: glorot(2),
  dropout: 0.3,
  recurrentDropout: 0.2,
};
const plain = () => [dense({ inputShape: [5] })];

/** Everything that a training can be told, over models that use it. */
const cases: Readonly<Record<string, Case>> = {
  "no option": { inner: plain },
  dropout: {
    isRandom: true,
    inner: () => [
      ...plain(),
      layers.dropout({ rate: 0.4, noiseShape: [null as never, 1] }),
      layers.dropout({ rate: 0.2 }),
    ],
  },
  "gaussian noise and dropout": {
    isRandom: true,
    inner: () => [...plain(), layers.gaussianNoise({ stddev: 0.2 }), layers.gaussianDropout({ rate: 0.3 })],
  },
  "alpha dropout": { isRandom: true, inner: () => [...plain(), layers.alphaDropout({ rate: 0.3 })] },
  "spatial dropout": {
    isRandom: true,
    inputDims: [4, 5],
    inner: () => [dense({ inputShape: [4, 5] }), layers.spatialDropout1d({ rate: 0.4 }), layers.flatten()],
  },
  "LSTM's dropouts": {
    isRandom: true,
    inputDims: [3, 4],
    inner: () => [layers.lstm({ units: 3, inputShape: [3, 4], ...recurrent })],
  },
  "GRU's dropouts": {
    isRandom: true,
    inputDims: [3, 4],
    inner: () => [layers.gru({ units: 3, inputShape: [3, 4], ...recurrent })],
  },
  "SimpleRNN's dropouts, both ways": {
    isRandom: true,
    inputDims: [3, 4],
    inner: () => [
      layers.bidirectional({
        layer: layers.simpleRNN({ units: 3, ...recurrent }) as tfl.RNN,
        mergeMode: "concat",
        inputShape: [3, 4],
      }),
    ],
  },
  "ConvLSTM2D's dropouts": {
    isRandom: true,
    inputDims: [2, 4, 4, 1],
    inner: () => [
      layers.convLstm2d({ filters: 2, kernelSize: 3, inputShape: [2, 4, 4, 1], ...recurrent }),
      layers.flatten(),
    ],
  },
  "moving statistics": { inner: () => [...plain(), layers.batchNormalization({ momentum: 0.7 })] },
  "a model inside a model": {
    isRandom: true,
    inner: () => [
      tfl.sequential({ layers: [...plain(), layers.batchNormalization(), layers.dropout({ rate: 0.3 })] }),
    ],
  },
  "a frozen layer": {
    inner: () => [dense({ inputShape: [5], trainable: false }), dense({ kernelInitializer: glorot(3) })],
  },
  regularizers: {
    inner: () => [
      dense({
        inputShape: [5],
        kernelRegularizer: regularizers.l1l2({ l1: 0.02, l2: 0.03 }),
        biasRegularizer: regularizers.l2({ l2: 0.1 }),
      }),
    ],
  },
  "clipped by value": { inner: plain, compile: { clip: { kind: "value", value: 0.02 } } },
  "clipped by norm": { inner: plain, compile: { clip: { kind: "norm", value: 0.05 } } },
  "clipped by the joint norm": { inner: plain, compile: { clip: { kind: "globalNorm", value: 0.05 } } },
  "weight decay": { inner: plain, compile: { weightDecay: 0.1 } },
  "class weights": { inner: plain, fit: { classWeights: { 0: 3, 1: 0.5, 2: 1 } } },
  "sample weights": {
    inner: plain,
    fit: {
      sampleWeights: {
        dtype: "float32",
        dims: [22],
        data: Float32Array.from({ length: 22 }, (_, row) => row / 10),
      },
    },
  },
  "a schedule": {
    inner: plain,
    fit: { schedule: { kind: "warmup", steps: 3, after: { kind: "cosine", steps: 6 } } },
  },
  "early stopping": {
    inner: plain,
    compile: { optimizer: "sgd" },
    fit: { epochs: 6, earlyStopping: { minDelta: 0.2 } },
  },
  "another seed": { inner: () => [...plain(), layers.dropout({ rate: 0.4 })], compile: { seed: 77 } },
};

/** Differences of float32 sums, after nine to eighteen steps; measured: at most 3e-7. */
const digits = 5;

function modelOf(name: string): TrainingModel {
  const { inner, inputDims = [5] } = cases[name]!;
  return {
    name,
    loss: "categoricalCrossentropy",
    inputDims,
    target: "one-hot",
    create: () => tfl.sequential({ layers: [...inner(), head()] }),
  };
}

async function train(name: string, backend: BackendName, { compile = {}, fit = {} }: Options = cases[name]!) {
  const model = modelOf(name);
  const validation = createRows(model, 7, 4);
  const training = await startModel(model, { backend, metrics: ["accuracy"], ...compile });
  const history = await training.fit(createRows(model, 22, 3), {
    epochs: 3,
    batchSize: 8,
    validation,
    ...fit,
  });
  const measured = await training.evaluate(validation);
  await training.close();
  return { ...history, measured };
}

test.each(Object.keys(cases))("%s: the same on every backend", async (name) => {
  const reference = await train(name, "cpu");
  for (const backend of ["onnxruntime", "wasm"] as const) {
    const { epochs, isStopped, bestEpoch, measured } = await train(name, backend);
    expect(isStopped).toBe(reference.isStopped);
    expect(bestEpoch).toBe(reference.bestEpoch);
    expect(epochs).toHaveLength(reference.epochs.length);
    for (const [at, { numbers, step }] of epochs.entries()) {
      const expected = reference.epochs[at]!;
      expect(step).toBe(expected.step);
      expect(Object.keys(numbers)).toEqual(["loss", "acc", "val_loss", "val_acc"]);
      for (const [key, value] of Object.entries(numbers)) {
        expect(value, `${backend}, epoch ${at + 1}, ${key}`).toBeCloseTo(expected.numbers[key]!, digits);
      }
    }
    expect(measured.loss).toBeCloseTo(reference.measured.loss, digits);
  }
});

const named = (holds: (given: Case) => boolean) => Object.keys(cases).filter((name) => holds(cases[name]!));

test.each(named(({ isRandom }) => isRandom === true))("%s: other noise for another seed", async (name) => {
  const withSeed = async (seed: number) => {
    const { epochs } = await train(name, "cpu", { compile: { seed }, fit: { shuffle: false } });
    return epochs;
  };
  expect(await withSeed(1)).toEqual(await withSeed(1));
  expect(await withSeed(1)).not.toEqual(await withSeed(2));
});

test.each(named(({ compile, fit }) => compile !== undefined || fit !== undefined))(
  "%s: not as if it had not been said",
  async (name) => {
    const { epochs } = await train(name, "cpu");
    const { epochs: bare } = await train(name, "cpu", {});
    expect(epochs).not.toEqual(bare);
  },
);

import { type AttuneError, isAttuneError, type Tensor } from "@attune/contracts";
import { writeModel } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";
import { type TrainStep, traceTrainStep } from "./train-step.ts";

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

const steps = 20;

function toOrt({ dtype, dims, data }: Tensor): OrtTensor {
  return new OrtTensor(dtype as "float32", data as Float32Array, dims);
}

/** Feeds each step's outputs to the next. */
async function runSteps(
  step: TrainStep,
  batches: readonly Record<string, tf.Tensor>[],
  learningRate: number,
): Promise<number[]> {
  const session = await InferenceSession.create(writeModel(step.model));
  let state = new Map(step.state.map(({ name, initial }) => [name, toOrt(initial)]));
  const losses: number[] = [];
  for (const batch of batches) {
    const given = Object.entries(batch).map(([name, tensor]) => [
      name,
      new OrtTensor("float32", tensor.dataSync<"float32">(), tensor.shape),
    ]);
    const feeds = Object.fromEntries([
      ...state,
      ...given,
      [step.learningRate.name, new OrtTensor("float32", Float32Array.of(learningRate), [])],
    ]);
    const results = await session.run(feeds);
    losses.push(Number(results.loss?.data[0]));
    state = new Map(
      step.state.map(({ name, next }) => [name, next === undefined ? state.get(name)! : results[next]!]),
    );
  }
  await session.release();
  return losses;
}

function createMlp() {
  const kernel = (seed: number, rows: number, columns: number) =>
    tf.variable(tf.randomNormal([rows, columns], 0, 0.5, "float32", seed));
  const variables = {
    "hidden/kernel": kernel(1, 4, 8),
    "hidden/bias": tf.variable(tf.zeros([8])),
    "out/kernel": kernel(2, 8, 1),
    "out/bias": tf.variable(tf.zeros([1])),
  };
  const loss = ({ x, y }: Readonly<Record<string, tf.Tensor>>) => {
    const hidden = tf.tanh(tf.add(tf.matMul(x!, variables["hidden/kernel"]), variables["hidden/bias"]));
    const out = tf.add(tf.matMul(hidden, variables["out/kernel"]), variables["out/bias"]);
    return tf.mean(tf.square(tf.sub(out, y!)));
  };
  return { variables, loss };
}

function createBatches(): Record<string, tf.Tensor>[] {
  return Array.from({ length: steps }, (_, at) => ({
    x: tf.randomNormal([6 + (at % 3), 4], 0, 1, "float32", 100 + at),
    y: tf.randomNormal([6 + (at % 3), 1], 0, 1, "float32", 200 + at),
  }));
}

const signature = {
  x: { dtype: "float32", dims: ["batch", 4] },
  y: { dtype: "float32", dims: ["batch", 1] },
} as const;

const optimizers: Readonly<Record<string, (rate: number) => tf.Optimizer>> = {
  sgd: (rate) => tf.train.sgd(rate),
  momentum: (rate) => tf.train.momentum(rate, 0.9),
  "nesterov momentum": (rate) => tf.train.momentum(rate, 0.9, true),
  adagrad: (rate) => tf.train.adagrad(rate),
  adadelta: (rate) => tf.train.adadelta(rate),
  adam: (rate) => tf.train.adam(rate),
  adamax: (rate) => tf.train.adamax(rate, 0.9, 0.999, 1e-7, 0.01),
  rmsprop: (rate) => tf.train.rmsprop(rate, 0.9, 0.5),
  // A small epsilon: tfjs takes it off under the root, which must stay above 0.
  "centered rmsprop": (rate) => tf.train.rmsprop(rate, 0.9, 0.5, 1e-12, true),
};

describe.each(Object.keys(optimizers))("%s", (name) => {
  test("follows tfjs step by step, with batches of several sizes", async () => {
    const { variables, loss } = createMlp();
    const create = optimizers[name]!;
    const step = traceTrainStep({ loss, signature, variables, optimizer: create(0.05) });
    const batches = createBatches();
    const actual = await runSteps(step, batches, 0.05);

    const optimizer = create(0.05);
    const expected = batches.map((batch) => {
      const cost = optimizer.minimize(() => loss(batch) as tf.Scalar, true, Object.values(variables));
      return cost?.dataSync()[0] ?? Number.NaN;
    });
    for (const [at, value] of actual.entries()) expect(value).toBeCloseTo(expected[at]!, 5);
    tf.disposeVariables();
  });
});

test("the user's variables and optimizer are as they were, and nothing leaks", () => {
  const { variables, loss } = createMlp();
  const optimizer = tf.train.adam(0.01);
  const values = () => Object.values(variables).map((variable) => Array.from(variable.dataSync()));
  const before = values();
  const memory = tf.memory();
  traceTrainStep({ loss, signature, variables, optimizer });
  expect(values()).toEqual(before);
  expect(tf.memory().numTensors).toBe(memory.numTensors);
  expect(tf.memory().numDataBuffers).toBe(memory.numDataBuffers);
  expect(tf.getBackend()).toBe("cpu");
  tf.disposeVariables();
});

function failureOf(act: () => unknown): AttuneError {
  try {
    act();
  } catch (error) {
    if (isAttuneError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("refuses", () => {
  const optimizer = () => tf.train.sgd(0.1);

  test("a loss that is not one number", () => {
    const { variables, loss } = createMlp();
    const wide = (batch: Readonly<Record<string, tf.Tensor>>) => tf.mul(loss(batch), tf.ones([3]));
    const error = failureOf(() =>
      traceTrainStep({ loss: wide, signature, variables, optimizer: optimizer() }),
    );
    expect(error.message).toBe(
      "the loss of training step has shape [3], not [] (one number); take its mean or sum",
    );
  });

  test("a loss for each row: its size is the signature's symbol", () => {
    const { variables, loss } = createMlp();
    const rows = (batch: Readonly<Record<string, tf.Tensor>>) => tf.mul(loss(batch), tf.sum(batch.x!, 1));
    const error = failureOf(() =>
      traceTrainStep({ loss: rows, signature, variables, optimizer: optimizer() }),
    );
    expect(error.details).toMatchObject({ reason: expect.stringContaining("has shape [batch], not []") });
  });

  test("an op of the loss that no graph can hold: the place is the loss, no layer", () => {
    const { variables, loss } = createMlp();
    const odd = (batch: Readonly<Record<string, tf.Tensor>>) =>
      tf.mul(loss(batch), tf.mean(tf.unique(tf.reshape(batch.x!, [-1])).values));
    const error = failureOf(() =>
      traceTrainStep({ loss: odd, signature, variables, optimizer: optimizer() }),
    );
    expect(error.message).toContain("Unique (in the loss): ");
  });

  test("variables that the loss does not hang on, all of them", () => {
    const { variables, loss } = createMlp();
    const more = { ...variables, lost: tf.variable(tf.ones([2])), idle: tf.variable(tf.ones([1])) };
    const error = failureOf(() =>
      traceTrainStep({ loss, signature, variables: more, optimizer: optimizer() }),
    );
    expect(error.code).toBe("TRACE_UNREACHED");
    expect(error.details).toMatchObject({ variables: ["lost", "idle"] });
  });

  test("a loss that reads its tensors", () => {
    const { variables, loss } = createMlp();
    const reads = (batch: Readonly<Record<string, tf.Tensor>>) =>
      loss(batch).dataSync()[0]! > 1 ? loss(batch) : tf.mul(loss(batch), 2);
    const error = failureOf(() =>
      traceTrainStep({ loss: reads, signature, variables, optimizer: optimizer() }),
    );
    expect(error.code).toBe("TRACE_HOST_READ");
    // The next trace is not disturbed by the broken one.
    expect(traceTrainStep({ loss, signature, variables, optimizer: optimizer() }).state).toHaveLength(4);
  });
});

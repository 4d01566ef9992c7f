import "@tensorflow/tfjs-backend-cpu";
import type { CreateSession } from "@attune/contracts";
import { createTestSession, failureOf } from "@attune/testkit";
import { traceTrainStep } from "@attune/trace";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { createNoisyBatch, createNoisyProblem, disposeProblem } from "../../fixtures/noisy-problem.ts";
import { optimizers } from "../../fixtures/optimizers.ts";
import { createNoiseSource } from "../../noise/noise-source.ts";
import type { TrainingProblem } from "../../problem.ts";
import type { Stepper } from "../stepper.ts";
import { createInPlaceStepper, isSplit } from "./in-place-stepper.ts";

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

/** As in a browser: outputs come in tensors of their own. */
const createCopyingSession: CreateSession = async (...given) => {
  const session = await createTestSession(...given);
  return { ...session, run: (feeds, fetches) => session.run(feeds, fetches) };
};

function start(
  problem: TrainingProblem,
  packsSmall: boolean,
  createSession: CreateSession = createTestSession,
): Promise<Stepper> {
  const traced = traceTrainStep({ ...problem, packsSmall });
  if (!isSplit(traced)) throw new Error("it cannot be cut");
  expect(traced.split.packing !== undefined).toBe(packsSmall);
  return createInPlaceStepper(problem, traced, {
    createSession,
    threadCount: 1,
    noise: createNoiseSource(3),
  });
}

async function follow(stepper: Stepper) {
  const numbers = [];
  for (let step = 1; step <= 12; step++) {
    const batch = createNoisyBatch(6, step);
    numbers.push(await stepper.step({ batch, sizes: { batch: 6 }, learningRate: 0.05 / step, step }));
  }
  const measured = await stepper.evaluate({ batch: createNoisyBatch(6, 99), sizes: { batch: 6 } });
  const state = await stepper.readState();
  await stepper.close();
  return { numbers, measured, state };
}

test.each(Object.keys(optimizers))("%s: packed tensors train bit for bit as they do apart", async (name) => {
  const problem = createNoisyProblem(optimizers[name]!());
  const apart = await follow(await start(problem, false));
  expect(await follow(await start(problem, true))).toEqual(apart);
  expect(await follow(await start(problem, true, createCopyingSession))).toEqual(apart);
  disposeProblem(problem);
});

/** Its loss is finite where `root` is 0, its gradient is not. */
function createRootProblem(): TrainingProblem {
  const noisy = createNoisyProblem();
  tf.dispose([noisy.variables, noisy.state]);
  const variables = {
    first: tf.variable(tf.fill([3], 0.5)),
    root: tf.variable(tf.zeros([2, 2])),
    last: tf.variable(tf.fill([5], 0.5)),
  };
  return {
    ...noisy,
    variables,
    state: {},
    loss({ x, y }) {
      const inputs = tf.add(tf.mean(x as tf.Tensor), tf.mean(y as tf.Tensor));
      const { first, root, last } = variables;
      const sums = [tf.tanh(first), tf.sqrt(root), tf.tanh(last)].map((tensor) => tf.sum(tensor));
      return tf.mul(inputs, tf.addN(sums)) as tf.Scalar;
    },
  };
}

test("a packed gradient that is not finite is named, and nothing is updated", async () => {
  const problem = createRootProblem();
  const stepper = await start(problem, true);
  const before = await stepper.readState();
  const request = { batch: createNoisyBatch(6, 1), sizes: { batch: 6 }, learningRate: 0.1, step: 1 };
  const failure = await failureOf(() => stepper.step(request));
  expect(failure.code).toBe("TRAIN_NOT_FINITE");
  expect(failure.message).toContain("the gradient of root");
  expect(await stepper.readState()).toEqual(before);
  await stepper.close();
  disposeProblem(problem);
});

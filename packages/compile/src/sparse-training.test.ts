import "@tensorflow/tfjs-backend-cpu";
import type { Tensor } from "@attune/contracts";
import { failureOf } from "@attune/testkit";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { compileTraining } from "./compile.ts";
import { createSparseRows, createWideModel } from "./fixtures/sparse-problem.ts";
import { createWatchedSession } from "./fixtures/watched-session.ts";
import type { CompileModelOptions } from "./options.ts";
import type { Training } from "./training.ts";

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

type Rows = ReturnType<typeof createSparseRows>;

const loss = "categoricalCrossentropy";

function start(options: CompileModelOptions, units?: number): Promise<Training> {
  return compileTraining(createWideModel(units), { optimizer: tf.train.adam(0.01), loss, ...options });
}

async function lossesOf(training: Training, batches: readonly Rows[]): Promise<number[]> {
  const losses: number[] = [];
  for (const batch of batches) losses.push((await training.step(batch)).loss);
  return losses;
}

/** Largest difference between the losses and those of tfjs on its cpu backend, relative above 1. */
async function compareWithTfjs(
  createOptimizer: () => tf.Optimizer,
  batches: readonly Rows[],
  losses: readonly number[],
): Promise<number> {
  const reference = createWideModel();
  reference.compile({ optimizer: createOptimizer(), loss });
  let worst = 0;
  for (const [step, { x, y }] of batches.entries()) {
    const [input, target] = [x, y].map(({ data, dims }) => tf.tensor(data, [...dims]));
    const expected = Number(await reference.trainOnBatch(input!, target!));
    tf.dispose([input!, target!]);
    worst = Math.max(worst, Math.abs(losses[step]! - expected) / Math.max(1, Math.abs(expected)));
  }
  return worst;
}

/** As in equality.test.ts, which has every optimizer. */
const tolerance = 1e-5;

/** Of several sizes; one has no entry at all, one is so large that memory has to grow. */
const sparseBatches = Array.from({ length: 20 }, (_, step) =>
  createSparseRows(step === 7 ? 300 : 6 + (step % 3), step === 4 ? 0 : 0.03, 100 + step),
);

test("steps on sparse batches of several sizes follow tfjs", async () => {
  const createOptimizer = () => tf.train.adam(0.01);
  const { createSession, runs } = createWatchedSession();
  const training = await start({ optimizer: createOptimizer(), createSession });
  const losses = await lossesOf(training, sparseBatches);
  await training.close();
  expect(new Set(runs)).toEqual(new Set(["sparse"]));
  expect(await compareWithTfjs(createOptimizer, sparseBatches, losses)).toBeLessThan(tolerance);
});

describe("batches of which some are dense", () => {
  const densities = [0.5, 0.02, 0.04, 1, 0.3, 0.05, 0.01, 0.9, 0.03, 0.03];
  const batches = densities.map((density, step) => createSparseRows(9 + (step % 2), density, 200 + step));

  test("each goes the way that suits it, and the losses are tfjs's", async () => {
    const { createSession, runs } = createWatchedSession();
    const training = await start({ createSession });
    const losses = await lossesOf(training, batches);
    await training.close();
    expect(runs).toEqual(densities.map((density) => (density < 0.1 ? "sparse" : "dense")));
    expect(await compareWithTfjs(() => tf.train.adam(0.01), batches, losses)).toBeLessThan(tolerance);
  });

  test("the same batches give the same bytes; going on from a checkpoint is never having stopped", async () => {
    const { createSession } = createWatchedSession();
    const [straight, first, second] = [
      await start({ createSession }),
      await start({ createSession }),
      await start({ createSession }),
    ];
    const losses = await lossesOf(straight, batches);
    const before = await lossesOf(first, batches.slice(0, 4));
    await second.restore(await first.checkpoint());
    expect([...before, ...(await lossesOf(second, batches.slice(4)))]).toEqual(losses);
    expect(Object.values(await second.state())).toEqual(Object.values(await straight.state()));
    for (const training of [straight, first, second]) await training.close();
  });
});

test("two threads give the very numbers of one", async () => {
  const outcomes = [1, 2].map(async (threadCount) => {
    const { createSession, runs } = createWatchedSession();
    // Wide enough for the kernel to have threads.
    const training = await start({ createSession, threadCount }, 600);
    const losses = await lossesOf(training, sparseBatches.slice(0, 8));
    const state = Object.values(await training.state());
    await training.close();
    expect(runs).toContain("sparse");
    return { losses, state };
  });
  const [one, two] = await Promise.all(outcomes);
  expect(two).toEqual(one);
});

test("an engine that cannot write into given tensors, as a browser's, gives the same", async () => {
  const outcomes = [true, false].map(async (writes) => {
    const { createSession } = createWatchedSession({ writes });
    const training = await start({ createSession });
    const losses = await lossesOf(training, sparseBatches);
    const state = Object.values(await training.state());
    await training.close();
    return { losses, state };
  });
  const [written, copied] = await Promise.all(outcomes);
  expect(copied).toEqual(written);
});

describe("numbers that are not finite are named, though a zero hides them", () => {
  async function failWith(training: Training, batch: Rows) {
    const before = await training.state();
    const failure = await failureOf(() => training.step(batch));
    expect(failure.code).toBe("TRAIN_NOT_FINITE");
    expect(await training.state()).toEqual(before);
    await training.close();
    return failure;
  }

  test("a weight whose row no batch picks", async () => {
    const { createSession, runs } = createWatchedSession();
    const training = await start({ createSession });
    const batch = createSparseRows(5, 0.02, 1);
    for (let row = 0; row < 5; row++) batch.x.data[700 * row + 13] = 0;
    const checkpoint = await training.checkpoint();
    const [name, kernel] = Object.entries(checkpoint.tensors).find(([, { dims }]) => dims[0] === 700)!;
    const broken = { ...kernel, data: Float32Array.from(kernel.data as Float32Array) } as Tensor<"float32">;
    broken.data[100 * 13 + 1] = Number.POSITIVE_INFINITY;
    await training.restore({ ...checkpoint, tensors: { ...checkpoint.tensors, [name]: broken } });
    expect((await failWith(training, batch)).message).toContain(`${name} (element 1301)`);
    expect(runs).toEqual(["sparse"]);
  });

  test("a number of the batch", async () => {
    const { createSession, runs } = createWatchedSession();
    const batch = createSparseRows(5, 0.02, 1);
    batch.x.data[705] = Number.NaN;
    const failure = await failWith(await start({ createSession }), batch);
    expect(failure.message).toMatch(/the input \S+ \(element 705\)/);
    expect(runs).toEqual(["sparse"]);
  });

  test("a gradient that belongs to a row of zeros", async () => {
    const { createSession, runs } = createWatchedSession();
    const weight = tf.tidy(() => tf.variable(tf.randomNormal([700, 100], 0, 0.1, "float32", 1)));
    const training = await compileTraining(
      // |y| as a root: its derivative at 0 is NaN.
      ({ x }) => tf.mean(tf.sqrt(tf.square(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D)))),
      {
        signature: { x: { dtype: "float32", dims: ["batch", 700] } },
        variables: { weight },
        optimizer: tf.train.sgd(0.1),
        createSession,
      },
    );
    const { x } = createSparseRows(5, 0.02, 1);
    expect((await training.step({ x })).step).toBe(1);
    x.data.fill(0, 700, 1400);
    const failure = await failureOf(() => training.step({ x }));
    expect(failure.message).toContain("the gradient of weight");
    expect(runs).toEqual(["sparse", "sparse"]);
    await training.close();
    weight.dispose();
  });
});

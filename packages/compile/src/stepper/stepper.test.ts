import "@tensorflow/tfjs-backend-cpu";
import type { CreateSession } from "@attune/contracts";
import { createTestSession, failureOf } from "@attune/testkit";
import { traceTrainStep } from "@attune/trace";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { createNoisyBatch, createNoisyProblem, disposeProblem } from "../fixtures/noisy-problem.ts";
import { createNoiseSource } from "../noise/noise-source.ts";
import type { TrainingProblem } from "../problem.ts";
import { createInPlaceStepper, isSplit } from "./onnx/in-place-stepper.ts";
import { createWholeStepper } from "./onnx/whole-stepper.ts";
import type { Stepper, StepRequest } from "./stepper.ts";
import { createEagerStepper } from "./tfjs/eager-stepper.ts";
import { startWasm } from "./tfjs/start-wasm.ts";

const noise = createNoiseSource(3);

/** A session that fails when it is told to, after the engine may have written. */
function createFailingSession(): { createSession: CreateSession; failNext: () => void } {
  let fails = false;
  return {
    failNext: () => {
      fails = true;
    },
    createSession: async (model, options) => {
      const session = await createTestSession(model, options);
      return {
        ...session,
        async run(...given) {
          const results = await session.run(...given);
          if (!fails) return results;
          fails = false;
          throw new Error("the engine broke");
        },
      };
    },
  };
}

type CreateOnnx = (problem: TrainingProblem, createSession: CreateSession) => Promise<Stepper>;

const onnxSteppers: Readonly<Record<string, CreateOnnx>> = {
  "onnx, whole": (problem, createSession) =>
    createWholeStepper(problem, traceTrainStep(problem), { createSession, threadCount: 1, noise }),
  "onnx, in place": (problem, createSession) => startInPlace(problem, createSession, false),
  "onnx, in place, packed": (problem, createSession) => startInPlace(problem, createSession, true),
};

function startInPlace(problem: TrainingProblem, createSession: CreateSession, packsSmall: boolean) {
  const traced = traceTrainStep({ ...problem, packsSmall });
  if (!isSplit(traced)) throw new Error("it cannot be cut");
  return createInPlaceStepper(problem, traced, { createSession, threadCount: 1, noise });
}

/** Every way to take a step; a new one adds a row. */
const steppers: Readonly<Record<string, (problem: TrainingProblem) => Promise<Stepper>>> = {
  ...Object.fromEntries(
    Object.entries(onnxSteppers).map(([name, create]) => [
      name,
      (problem: TrainingProblem) => create(problem, createTestSession),
    ]),
  ),
  wasm: async (problem) => createEagerStepper(problem, { backend: "wasm", noise }),
  cpu: async (problem) => createEagerStepper(problem, { backend: "cpu", noise }),
};

function request(step: number, rowCount = 5 + (step % 3)): StepRequest {
  return {
    batch: createNoisyBatch(rowCount, step),
    sizes: { batch: rowCount },
    learningRate: 0.02 / step,
    step,
  };
}

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
  expect(await startWasm()).toBeUndefined();
});

describe.each(Object.keys(steppers))("%s", (name) => {
  const create = steppers[name]!;
  // The step before was overwritten.
  const canUndo = !name.startsWith("onnx, in place");
  let problem: TrainingProblem;
  let stepper: Stepper;

  let tensorsBefore = 0;

  async function start(): Promise<void> {
    tensorsBefore = tf.memory().numTensors;
    problem = createNoisyProblem();
    stepper = await create(problem);
  }

  afterEach(async () => {
    await stepper.close();
    disposeProblem(problem);
    expect(tf.memory().numTensors).toBe(tensorsBefore);
    expect(tf.getBackend()).toBe("cpu");
  });

  test("gives the reference's numbers, and its state, with batches of several sizes", async () => {
    await start();
    const reference = createNoisyProblem();
    const expected = createEagerStepper(reference, { backend: "cpu", noise });
    for (let step = 1; step <= 20; step++) {
      const [actual, wanted] = [await stepper.step(request(step)), await expected.step(request(step))];
      // float32 sums in another order; they go through twenty steps of Adam.
      expect(actual.loss).toBeCloseTo(wanted.loss, 5);
      expect(actual.error).toBeCloseTo(wanted.error!, 5);
    }
    const measured = await stepper.evaluate(request(99));
    const wanted = await expected.evaluate(request(99));
    expect(Object.keys(measured).sort()).toEqual(["loss", "output"]);
    expect(measured.loss).toBeCloseTo(wanted.loss, 5);
    expect(measured.output).toBeCloseTo(wanted.output!, 5);
    const [state, wantedState] = [await stepper.readState(), await expected.readState()];
    expect(Object.keys(state)).toEqual(Object.keys(wantedState));
    for (const [key, { data, dims }] of Object.entries(state)) {
      expect(dims).toEqual(wantedState[key]!.dims);
      for (const [at, value] of Array.from(data as Float32Array).entries()) {
        expect(value).toBeCloseTo(Number(wantedState[key]!.data[at]), 4);
      }
    }
    await expected.close();
    disposeProblem(reference);
  });

  test("a state that was read, loaded elsewhere, goes on bit for bit", async () => {
    await start();
    for (let step = 1; step <= 3; step++) await stepper.step(request(step));
    const state = await stepper.readState();
    const after = [await stepper.step(request(4)), await stepper.step(request(5))];
    const end = await stepper.readState();
    await stepper.loadState(state);
    expect(await stepper.readState()).toEqual(state);
    expect([await stepper.step(request(4)), await stepper.step(request(5))]).toEqual(after);
    expect(await stepper.readState()).toEqual(end);
  });

  test("a loss that is not finite leaves the state as it was", async () => {
    await start();
    await stepper.step(request(1));
    const before = await stepper.readState();
    const bad = request(2);
    (bad.batch.x!.data as Float32Array)[3] = Number.NaN;
    expect((await stepper.step(bad)).loss).toBeNaN();
    expect(await stepper.readState()).toEqual(before);
  });

  test(canUndo ? "one step can be taken back" : "no step can be taken back, and it says so", async () => {
    await start();
    expect(stepper.undo()).toBe(false);
    await stepper.step(request(1));
    const before = await stepper.readState();
    await stepper.step(request(2));
    expect(stepper.undo()).toBe(canUndo);
    if (canUndo) expect(await stepper.readState()).toEqual(before);
    expect(stepper.undo()).toBe(false);
  });

  test("memory is flat", async () => {
    await start();
    const requests = [1, 2, 3].map((step) => request(step));
    const run = async (count: number) => {
      for (let at = 0; at < count; at++) await stepper.step(requests[at % requests.length]!);
      return { ...tf.memory() };
    };
    const warm = await run(6);
    const later = await run(200);
    expect(later.numTensors).toBe(warm.numTensors);
    expect(later.numBytes).toBe(warm.numBytes);
    expect(later.numDataBuffers).toBe(warm.numDataBuffers);
  });
});

test.each(Object.keys(onnxSteppers))(
  "%s: a session that fails in the middle leaves the state of the last good step",
  async (name) => {
    const create = onnxSteppers[name]!;
    const { createSession, failNext } = createFailingSession();
    const [problem, fresh] = [createNoisyProblem(), createNoisyProblem()];
    const stepper = await create(problem, createSession);
    for (let step = 1; step <= 3; step++) await stepper.step(request(step));
    const before = await stepper.readState();
    failNext();
    const broken = await stepper.step(request(4)).catch((error: unknown) => error);
    expect(String(broken)).toContain("the engine broke");
    expect(await stepper.readState()).toEqual(before);
    // And it goes on as if nothing had been.
    const again = await stepper.step(request(4));
    const other = await create(fresh, createTestSession);
    for (let step = 1; step <= 3; step++) await other.step(request(step));
    expect(await other.step(request(4))).toEqual(again);
    for (const made of [stepper, other]) await made.close();
    for (const used of [problem, fresh]) disposeProblem(used);
  },
);

test("a kernel that a backend lacks is named", async () => {
  const problem: TrainingProblem = {
    ...createNoisyProblem(),
    loss: ({ x }) => tf.mean(tf.engine().runKernel("OfTheUser", { x: x as tf.Tensor }) as tf.Tensor),
  };
  const stepper = createEagerStepper(problem, { backend: "wasm", noise });
  const failure = await failureOf(() => stepper.step(request(1)));
  expect(failure.code).toBe("TRAIN_BACKEND");
  expect(failure.message).toContain("Kernel 'OfTheUser' not registered for backend 'wasm'");
  await stepper.close();
  disposeProblem(problem);
});

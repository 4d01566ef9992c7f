import type { CreateSession, Interactions } from "@attune/contracts";
import { checkerboard, createTestSession, failureOf, interactionsFrom } from "@attune/testkit";
import type { Checkpoint, FitHooks } from "@attune/train";
import { afterEach, describe, expect, test } from "vitest";
import { shapeOf } from "../fixtures/shape.ts";
import { type AutoencoderConfig, autoencoderConfig, checkAutoencoder } from "./config.ts";
import { countTensors } from "./engine.ts";
import { fitAutoencoder } from "./fit.ts";
import { restoreAutoencoder } from "./model.ts";

const board = { userCount: 24, itemCount: 16 };
const interactions = interactionsFrom(checkerboard(board), board.userCount, board.itemCount);
const config = autoencoderConfig.parse({ hidden: 6, epochs: 12, batchSize: 9, learningRate: 0.01 });

function train(events: Interactions, settings: AutoencoderConfig, hooks: FitHooks) {
  return fitAutoencoder(events, settings, { createSession: createTestSession, ...hooks });
}

describe("the autoencoder's training", () => {
  afterEach(() => {
    expect(countTensors()).toBe(0);
  });

  test("the loss falls, and every epoch is told", async () => {
    const epochs: { epoch: number; epochs: number; loss: number }[] = [];
    await train(interactions, config, { seed: 1, onEpoch: (epoch) => epochs.push(epoch) });
    expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
    expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss);
  });

  test("a checkpoint is exactly the shorter run, and the run goes on as if nobody had looked", async () => {
    const checkpoints: Checkpoint[] = [];
    const watched = await train(interactions, config, {
      seed: 3,
      onCheckpoint: async (checkpoint) => {
        checkpoints.push(checkpoint);
        return true;
      },
    });
    expect(checkpoints.map(({ hyperparameters }) => hyperparameters.epochs)).toEqual([5, 10, 12]);
    expect(await train(interactions, config, { seed: 3 })).toEqual(watched);
    const five = await train(interactions, { ...config, epochs: 5 }, { seed: 3 });
    expect(checkpoints[0]!.tensors).toEqual(five);
  });

  test("stops where the caller says", async () => {
    const seen: unknown[] = [];
    await train(interactions, config, {
      seed: 3,
      onCheckpoint: async ({ hyperparameters }) => {
        seen.push(hyperparameters.epochs);
        return false;
      },
    });
    expect(seen).toEqual([5]);
  });

  test.each(["wasm", "cpu", "auto"] as const)("the backend %s gives the same model", async (backend) => {
    const short = { ...config, epochs: 3 };
    const [items, weights] = [Int32Array.of(1, 3), Float32Array.of(1, 1)];
    const scores = async (settings: AutoencoderConfig) =>
      restoreAutoencoder(settings, await train(interactions, settings, { seed: 5 })).score(items, weights);
    const [expected, actual] = [await scores(short), await scores({ ...short, backend })];
    expected.forEach((score, item) => {
      // Sums in another order, through nine steps of Adam.
      expect(actual[item]).toBeCloseTo(score, 4);
    });
  });

  test("a catalogue of which a user saw little gives the model that tfjs gives", async () => {
    const large = { userCount: 12, itemCount: 1100 };
    const seen = checkerboard(large).filter(({ item }) => item % 61 < 2);
    const sparse = interactionsFrom(seen, large.userCount, large.itemCount);
    const wide = { ...config, hidden: 64, epochs: 3 };
    const [items, weights] = [Int32Array.of(61, 122), Float32Array.of(1, 1)];
    const runs: string[][] = [];
    const createSession: CreateSession = async (...given) => {
      const session = await createTestSession(...given);
      const run: typeof session.run = (feeds, ...more) => {
        runs.push(Object.keys(feeds));
        return session.run(feeds, ...more);
      };
      return { ...session, run };
    };
    const scores = async (settings: AutoencoderConfig) =>
      restoreAutoencoder(settings, await train(sparse, settings, { seed: 5, createSession })).score(
        items,
        weights,
      );
    const [actual, expected] = [await scores(wide), await scores({ ...wide, backend: "cpu" })];
    // The engine gets the product with the encoder in place of the input.
    expect(runs.length).toBeGreaterThan(0);
    for (const fed of runs) expect(fed).toContain("product/encoder");
    for (const fed of runs) expect(fed).not.toContain("input");
    for (const [item, score] of actual.entries()) expect(score).toBeCloseTo(expected[item]!, 4);
  });

  test("without an engine to train on it says what is missing", async () => {
    const failure = await failureOf(() => train(interactions, config, { seed: 5, createSession: undefined }));
    expect(failure.code).toBe("TRAIN_BACKEND");
    expect(failure.message).toContain("`createSession`");
  });

  test("users without events are no rows of a batch", async () => {
    const wider = { ...interactions, userCount: 26, offsets: Int32Array.of(...interactions.offsets, 0, 0) };
    wider.offsets.fill(interactions.offsets.at(-1)!, 25);
    const short = { ...config, epochs: 2 };
    const losses: number[] = [];
    await train(wider, short, { seed: 1, onEpoch: ({ loss }) => losses.push(loss) });
    expect(losses.every(Number.isFinite)).toBe(true);
  });

  test("a loss that is not finite stops the run with the step, and frees everything", async () => {
    const weights = interactions.weights.map((weight, at) => (at === 5 ? Number.POSITIVE_INFINITY : weight));
    const absurd = { ...interactions, weights };
    const failure = await failureOf(() => train(absurd, config, { seed: 1 }));
    expect(failure.code).toBe("TRAIN_NOT_FINITE");
    expect(failure.details).toMatchObject({ kind: "autoencoder", tensor: "target" });
  });

  test("refuses weights that would not fit the heap, before anything is allocated", async () => {
    const many = shapeOf({ itemCount: 1_000_000 });
    expect(checkAutoencoder(many, { ...config, hidden: 64 })).toEqual([
      expect.stringMatching(/needs 2065 MB, the limit is 1073 MB; lower hidden/),
    ]);
    expect(checkAutoencoder(shapeOf({ itemCount: 1000 }), { ...config, hidden: 64 })).toEqual([]);
    const huge = { ...config, hidden: 10_000_000 };
    expect((await failureOf(() => train(interactions, huge, { seed: 1 }))).code).toBe("TRAIN_TOO_LARGE");
  });

  test("leaves no listener on the process", async () => {
    const before = process.listenerCount("uncaughtException");
    await train(interactions, { ...config, epochs: 1, backend: "wasm" }, { seed: 1 });
    expect(process.listenerCount("uncaughtException")).toBe(before);
  });
});

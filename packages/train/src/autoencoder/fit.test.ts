import { afterEach, describe, expect, test } from "vitest";
import { checkerboard, interactionsFrom } from "../fixtures/checkerboard.ts";
import { failureOf } from "../fixtures/errors.ts";
import type { Checkpoint } from "../trainer.ts";
import { autoencoderConfig, listAutoencoderCandidates } from "./config.ts";
import { countTensors } from "./engine.ts";
import { fitAutoencoder } from "./fit.ts";
import { restoreAutoencoder } from "./model.ts";

const board = { userCount: 24, itemCount: 16 };
const interactions = interactionsFrom(checkerboard(board), board.userCount, board.itemCount);
const config = autoencoderConfig.parse({ hidden: 6, epochs: 12, batchSize: 9, learningRate: 0.01 });

describe("the autoencoder's training", () => {
  afterEach(() => {
    expect(countTensors()).toBe(0);
  });

  test("the loss falls, and every epoch is told", async () => {
    const epochs: { epoch: number; epochs: number; loss: number }[] = [];
    await fitAutoencoder(interactions, config, { seed: 1, onEpoch: (epoch) => epochs.push(epoch) });
    expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
    expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss);
  });

  test("a checkpoint is exactly the shorter run, and the run goes on as if nobody had looked", async () => {
    const checkpoints: Checkpoint[] = [];
    const watched = await fitAutoencoder(interactions, config, {
      seed: 3,
      onCheckpoint: async (checkpoint) => {
        checkpoints.push(checkpoint);
        return true;
      },
    });
    expect(checkpoints.map(({ hyperparameters }) => hyperparameters.epochs)).toEqual([5, 10, 12]);
    expect(await fitAutoencoder(interactions, config, { seed: 3 })).toEqual(watched);
    const five = await fitAutoencoder(interactions, { ...config, epochs: 5 }, { seed: 3 });
    expect(checkpoints[0]!.tensors).toEqual(five);
  });

  test("stops where the caller says", async () => {
    const seen: unknown[] = [];
    await fitAutoencoder(interactions, config, {
      seed: 3,
      onCheckpoint: async ({ hyperparameters }) => {
        seen.push(hyperparameters.epochs);
        return false;
      },
    });
    expect(seen).toEqual([5]);
  });

  test("the cpu backend gives the same model", async () => {
    const short = { ...config, epochs: 3 };
    const [items, weights] = [Int32Array.of(1, 3), Float32Array.of(1, 1)];
    const wasm = restoreAutoencoder(short, await fitAutoencoder(interactions, short, { seed: 5 }));
    const onCpu = { ...short, backend: "cpu" } as const;
    const cpu = restoreAutoencoder(onCpu, await fitAutoencoder(interactions, onCpu, { seed: 5 }));
    wasm.score(items, weights).forEach((score, item) => {
      // Sums in another order, through nine steps of Adam.
      expect(cpu.score(items, weights)[item]).toBeCloseTo(score, 3);
    });
  });

  test("users without events are no rows of a batch", async () => {
    const wider = { ...interactions, userCount: 26, offsets: Int32Array.of(...interactions.offsets, 0, 0) };
    wider.offsets.fill(interactions.offsets.at(-1)!, 25);
    const short = { ...config, epochs: 2 };
    const losses: number[] = [];
    await fitAutoencoder(wider, short, { seed: 1, onEpoch: ({ loss }) => losses.push(loss) });
    expect(losses.every(Number.isFinite)).toBe(true);
  });

  test("a loss that is not finite stops the run with the epoch, and frees everything", async () => {
    const weights = interactions.weights.map((weight, at) => (at === 5 ? Number.POSITIVE_INFINITY : weight));
    const absurd = { ...interactions, weights };
    const failure = await failureOf(() => fitAutoencoder(absurd, config, { seed: 1 }));
    expect(failure.code).toBe("TRAIN_NOT_FINITE");
    expect(failure.details).toMatchObject({ kind: "autoencoder", what: "the loss" });
  });

  test("refuses weights that would not fit the heap, before anything is allocated", async () => {
    const shape = { userCount: 10, itemCount: 1_000_000, eventCount: 100, spanDays: 0 };
    const failure = await failureOf(() => listAutoencoderCandidates(shape, { hidden: 64 }));
    expect(failure.code).toBe("TRAIN_TOO_LARGE");
    const huge = { ...config, hidden: 10_000_000 };
    expect((await failureOf(() => fitAutoencoder(interactions, huge, { seed: 1 }))).code).toBe(
      "TRAIN_TOO_LARGE",
    );
  });

  test("leaves no listener on the process", async () => {
    const before = process.listenerCount("uncaughtException");
    await fitAutoencoder(interactions, { ...config, epochs: 1 }, { seed: 1 });
    expect(process.listenerCount("uncaughtException")).toBe(before);
  });
});

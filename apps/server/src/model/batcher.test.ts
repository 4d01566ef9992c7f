import { expect, test } from "vitest";
import { createBatcher } from "./batcher.ts";

/** Sends requests of these lengths at once; the sizes of the runs they took. */
async function runSizes(lengths: readonly number[]): Promise<readonly number[]> {
  const sizes: number[] = [];
  const ask = createBatcher<number, string>({
    runMany: async (batch) => batch.map(String),
    entriesOf: (length) => length,
    onBatch: (size) => sizes.push(size),
  });
  expect(await Promise.all(lengths.map(ask))).toEqual(lengths.map(String));
  return sizes.toSorted((a, b) => a - b);
}

const short = Array.from({ length: 30 }, () => 5);

test("short requests share one run", async () => {
  expect(await runSizes(short)).toEqual([30]);
});

test("requests without any entry share runs of 64", async () => {
  expect(await runSizes(Array.from({ length: 100 }, () => 0))).toEqual([36, 64]);
});

test("a long one does not pad the others' run", async () => {
  expect(await runSizes([...short.slice(15), 400, ...short.slice(15)])).toEqual([1, 30]);
});

test("a run that fails fails its own requests, and the next ones are answered", async () => {
  const ask = createBatcher<number, number>({
    runMany: async (batch) => {
      if (batch.includes(0)) throw new Error("engine");
      return batch;
    },
    entriesOf: (request) => request,
    onBatch: () => {},
  });
  const outcomes = await Promise.allSettled([ask(0), ask(1), ask(500)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  expect(await ask(7)).toBe(7);
});

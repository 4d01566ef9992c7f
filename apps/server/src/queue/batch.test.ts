import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseBatch, defaultBatchLimits } from "./batch.ts";

const sized = (entries: number, costUs = 100) => ({ entries, costUs });

test("requests of like length share a run", () => {
  const waiting = [sized(10), sized(12), sized(11)];
  expect(chooseBatch(waiting[0]!, waiting)).toHaveLength(3);
});

test("a long request does not pad the short ones", () => {
  const waiting = [sized(10), sized(400), sized(12)];
  expect(chooseBatch(waiting[0]!, waiting)).toEqual([sized(10), sized(12)]);
  expect(chooseBatch(waiting[1]!, waiting)).toEqual([sized(400)]);
});

test("a batch is no dearer than the latency budget of one run", () => {
  const waiting = Array.from({ length: 20 }, () => sized(1, 1000));
  expect(chooseBatch(waiting[0]!, waiting)).toHaveLength(2);
});

test("a request dearer than the budget still runs, alone", () => {
  const waiting = [sized(1, 1e6), sized(1, 10)];
  expect(chooseBatch(waiting[0]!, waiting)).toEqual([waiting[0]]);
});

test("the first is always in its batch, and no limit is passed", () => {
  const waiting = fc.array(
    fc.record({ entries: fc.nat(1000), costUs: fc.integer({ min: 1, max: 20_000 }) }),
    { minLength: 1, maxLength: 64 },
  );
  fc.assert(
    fc.property(waiting, fc.nat(), (all, pick) => {
      const first = all[pick % all.length]!;
      const batch = chooseBatch(first, all);
      expect(batch.filter((one) => one === first)).toHaveLength(1);
      expect(new Set(batch).size).toBe(batch.length);
      if (batch.length === 1) return;
      const longest = Math.max(...batch.map(({ entries }) => entries));
      expect(batch.length).toBeLessThanOrEqual(defaultBatchLimits.maxRequests);
      expect(longest * batch.length).toBeLessThanOrEqual(defaultBatchLimits.maxEntries);
      expect(batch.reduce((sum, { costUs }) => sum + costUs, 0)).toBeLessThanOrEqual(
        defaultBatchLimits.maxCostUs,
      );
    }),
    { numRuns: Number(process.env.ATTUNE_RANDOM_CASES ?? 100) },
  );
});

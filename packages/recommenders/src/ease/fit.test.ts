import type { Interactions } from "@attune/contracts";
import { failureOf, interactionsFrom } from "@attune/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shapeOf } from "../fixtures/shape.ts";
import { tableFromTensors } from "../neighbour-table/table.ts";
import { listEaseCandidates } from "./config.ts";
import { createDualSystem } from "./dual.ts";
import { fitEase, fitEases } from "./fit.ts";
import { createPrimalSystem } from "./primal.ts";
import { checkEase } from "./size.ts";
import type { EaseSystem } from "./solver.ts";

/** B by Gauss–Jordan on the dense Gram matrix: slow, plain, and written from the paper's equation 8. */
function naiveWeights(interactions: Interactions, lambda: number): number[][] {
  const { userCount, itemCount: n, offsets, items, weights } = interactions;
  const a = Array.from({ length: n }, (_, i) =>
    Array.from({ length: 2 * n }, (_, j) => (i === j ? lambda : j === n + i ? 1 : 0)),
  );
  for (let user = 0; user < userCount; user++) {
    for (let e = offsets[user]!; e < offsets[user + 1]!; e++) {
      for (let f = offsets[user]!; f < offsets[user + 1]!; f++) {
        a[items[e]!]![items[f]!]! += weights[e]! * weights[f]!;
      }
    }
  }
  for (let pivot = 0; pivot < n; pivot++) {
    const scale = a[pivot]![pivot]!;
    a[pivot] = a[pivot]!.map((value) => value / scale);
    for (let i = 0; i < n; i++) {
      if (i === pivot) continue;
      const factor = a[i]![pivot]!;
      a[i] = a[i]!.map((value, j) => value - factor * a[pivot]![j]!);
    }
  }
  const inverse = a.map((row) => row.slice(n));
  return inverse.map((row, i) => row.map((value, j) => (i === j ? 0 : -value / inverse[j]![j]!)));
}

async function weightsBy(
  create: (interactions: Interactions) => EaseSystem,
  interactions: Interactions,
  lambda: number,
): Promise<number[][]> {
  const rows: number[][] = [];
  const system = create(interactions);
  let pauses = 0;
  await system.solve(system.gram, {
    lambda,
    pause: async () => {
      pauses += 1;
    },
    onRow: (source, row) => {
      rows[source] = Array.from(row, (weight, item) => (item === source ? 0 : weight));
    },
  });
  expect(pauses).toBe(system.pauseCount);
  return rows;
}

/** Up to 12 users and 12 items, some of either without events, distinct pairs, uneven weights. */
const smallInteractions = fc
  .record({
    userCount: fc.integer({ min: 1, max: 12 }),
    itemCount: fc.integer({ min: 2, max: 12 }),
    weights: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10 })), {
      minLength: 144,
      maxLength: 144,
    }),
  })
  .map(({ userCount, itemCount, weights }) => {
    const events = Array.from({ length: userCount * itemCount }, (_, at) => ({
      user: at % userCount,
      item: Math.floor(at / userCount),
      weight: weights[at]! / 4,
    })).filter((event) => event.weight > 0);
    return interactionsFrom(events, userCount, itemCount);
  });

describe("EASE", () => {
  test("the dual form, the primal form and the naive inverse agree to 1e-8", async () => {
    await fc.assert(
      fc.asyncProperty(smallInteractions, fc.integer({ min: 1, max: 50 }), async (interactions, lambda) => {
        const expected = naiveWeights(interactions, lambda);
        for (const create of [createDualSystem, createPrimalSystem]) {
          const actual = await weightsBy(create, interactions, lambda);
          for (const [i, row] of expected.entries()) {
            for (const [j, weight] of row.entries()) expect(actual[i]![j]!).toBeCloseTo(weight, 8);
          }
        }
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  test("keeps the heaviest weights of the solution, rounded to float32", async () => {
    const events = [0, 1, 2, 3, 4, 5].flatMap((user) =>
      [0, 1, 2, 3].filter((item) => (user + item) % 3 !== 0).map((item) => ({ user, item })),
    );
    const interactions = interactionsFrom(events, 6, 4);
    const table = tableFromTensors(
      await fitEase(interactions, { regularization: 2, neighbours: 2 }, { seed: 1 }),
    );

    const expected = naiveWeights(interactions, 2).map((row) =>
      row
        .map((weight, item) => ({ item, weight: Math.fround(weight) }))
        .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || a.item - b.item)
        .slice(0, 2),
    );
    expect(table.neighboursPerItem).toBe(2);
    expected.flat().forEach(({ item, weight }, at) => {
      expect(table.indexes[at]).toBe(item);
      expect(table.weights[at]).toBeCloseTo(weight, 6);
    });
  });

  test("λ is in units of the squared weights: a larger unit changes no weight of the model", async () => {
    const events = [0, 1, 2, 3].flatMap((user) => [user % 3, 3, 4].map((item) => ({ user, item })));
    const config = { regularization: 3, neighbours: 4 };
    const ones = await fitEase(interactionsFrom(events, 4, 5), config, { seed: 1 });
    const fours = events.map((event) => ({ ...event, weight: 4 }));
    const scaled = await fitEase(interactionsFrom(fours, 4, 5), config, { seed: 1 });
    expect(scaled).toEqual(ones);
  });

  test("refuses a matrix above the limit before allocating it, with both numbers", async () => {
    const interactions = interactionsFrom([{ user: 0, item: 0 }], 1, 3);
    const failure = await failureOf(() =>
      fitEase(interactions, { regularization: 1, neighbours: 2 }, { seed: 1 }, 7),
    );
    expect(failure.code).toBe("TRAIN_TOO_LARGE");
    expect(failure.details).toMatchObject({ bytes: 8, limitBytes: 7 });
  });

  test("several λ share their products, in either form, and what does not fit twice is made again", async () => {
    const configs = [3, 1, 30].map((regularization) => ({ regularization, neighbours: 3 }));
    for (const [userCount, itemCount] of [
      [5, 9],
      [9, 5],
    ] as const) {
      const events = Array.from({ length: userCount * itemCount }, (_, at) => ({
        user: at % userCount,
        item: Math.floor(at / userCount),
        weight: 1 + (at % 3),
      })).filter((_, at) => (at * 7) % 5 < 2);
      const interactions = interactionsFrom(events, userCount, itemCount);
      const alone = await Promise.all(configs.map((config) => fitEase(interactions, config, { seed: 1 })));
      for (const limitBytes of [8 * 25, 2 * 8 * 25]) {
        const together = [];
        for await (const { tensors } of fitEases(interactions, configs, { seed: 1 }, limitBytes)) {
          together.push(tensors);
        }
        expect(together).toEqual(alone);
      }
    }
  });

  test("tells how far it is, to the end", async () => {
    const events = Array.from({ length: 300 }, (_, at) => ({ user: at % 150, item: (at * 11) % 140 }));
    const seen: number[] = [];
    let total = 0;
    await fitEase(
      interactionsFrom(events, 150, 140),
      { regularization: 1, neighbours: 2 },
      {
        seed: 1,
        onProgress: (done, all) => {
          seen.push(done);
          total = all;
        },
      },
    );
    expect(seen).toEqual(Array.from({ length: total }, (_, at) => at + 1));
    expect(total).toBeGreaterThan(3);
  });

  test("weights that are not finite are its own failure, with the matrix as the cause", async () => {
    const events = [0, 1, 2].map((user) => ({
      user,
      item: user,
      weight: user === 1 ? Number.POSITIVE_INFINITY : 1,
    }));
    const failure = await failureOf(() =>
      fitEase(interactionsFrom(events, 3, 3), { regularization: 1, neighbours: 2 }, { seed: 1 }),
    );
    expect(failure.code).toBe("TRAIN_NOT_FINITE");
    expect(failure.details).toMatchObject({ kind: "ease", what: "the Cholesky factor" });
    expect(failure.cause).toMatchObject({ code: "NUMERIC_NOT_POSITIVE_DEFINITE" });
  });

  test("a shape whose matrix would pass a gigabyte does not fit, whichever side is smaller", () => {
    const large = shapeOf({ userCount: 50_000, itemCount: 20_000 });
    for (const shape of [large, { ...large, userCount: 20_000, itemCount: 50_000 }]) {
      expect(checkEase(shape)).toEqual([
        expect.stringMatching(/20000 × 20000\) needs 3200 MB, the limit is 1073 MB/),
      ]);
    }
    const small = { ...large, userCount: 600 };
    expect(checkEase(small)).toEqual([]);
    expect(listEaseCandidates(small, {}).length).toBeGreaterThan(1);
  });
});

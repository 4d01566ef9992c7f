import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSplit } from "./split.ts";

function splitOf(shares: Readonly<Record<string, number>>, seed = 7) {
  const list = Object.entries(shares).map(([id, share]) => ({ target: id, id, share }));
  return createSplit(list, seed);
}

const keys = Array.from({ length: 20_000 }, (_, index) => `user-${index}`);

function countOf(split: { pick(key: string): string }, id: string): number {
  return keys.filter((key) => split.pick(key) === id).length;
}

/** Three positive shares that add up to 1. */
const threeShares = fc
  .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }))
  .map(([a, b, c]) => [a, b, c].map((part) => part / (a + b + c)) as [number, number, number]);

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe("a split", () => {
  test("gives each target its share of keys, whatever the seed", () => {
    fc.assert(
      fc.property(threeShares, seeds, ([a, b, c], seed) => {
        const shares = { "m/1": a, "m/2": b, "m/3": c };
        const split = splitOf(shares, seed);
        for (const [id, share] of Object.entries(shares)) {
          // Five standard deviations of a binomial count.
          const spread = 5 * Math.sqrt(keys.length * share * (1 - share));
          expect(Math.abs(countOf(split, id) - keys.length * share)).toBeLessThan(spread);
        }
      }),
      { seed: 10, numRuns: 20 },
    );
  });

  test("gives a key to the same target always, also when the list is in another order", () => {
    fc.assert(
      fc.property(threeShares, seeds, fc.string(), ([a, b, c], seed, key) => {
        const split = splitOf({ "m/1": a, "m/2": b, "m/3": c }, seed);
        expect(split.pick(key)).toBe(split.pick(key));
        expect(splitOf({ "m/3": c, "m/1": a, "m/2": b }, seed).pick(key)).toBe(split.pick(key));
      }),
      { seed: 11 },
    );
  });

  test("moves keys to the target whose share grows, and nowhere else", () => {
    fc.assert(
      fc.property(
        threeShares,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        seeds,
        (shares, by, seed) => {
          const [a, b, c] = shares;
          const grown = a + (1 - a) * by;
          const rest = (1 - grown) / (1 - a);
          const before = splitOf({ "m/1": a, "m/2": b, "m/3": c }, seed);
          const after = splitOf({ "m/1": grown, "m/2": b * rest, "m/3": c * rest }, seed);
          for (const key of keys.slice(0, 500)) {
            if (after.pick(key) !== before.pick(key)) expect(after.pick(key)).toBe("m/1");
          }
        },
      ),
      { seed: 12 },
    );
  });

  test("is the same in every process: these keys were dealt once", () => {
    const split = splitOf({ "movies/3": 0.5, "movies/4": 0.3, "movies/5": 0.2 });
    const dealt = ["", "a", "user-1", "user-2", "user-3", "日本語", "x".repeat(256)].map((key) =>
      split.pick(key),
    );
    expect(dealt).toMatchInlineSnapshot(`
      [
        "movies/4",
        "movies/5",
        "movies/5",
        "movies/3",
        "movies/3",
        "movies/5",
        "movies/5",
      ]
    `);
  });

  test("deals the keys anew with another seed", () => {
    const [one, other] = [splitOf({ a: 0.5, b: 0.5 }, 1), splitOf({ a: 0.5, b: 0.5 }, 2)];
    const moved = keys.filter((key) => one.pick(key) !== other.pick(key)).length;
    expect(moved / keys.length).toBeGreaterThan(0.45);
    expect(moved / keys.length).toBeLessThan(0.55);
  });

  test("sends nothing to a share of 0, everything to a share of 1, and without a key to the largest", () => {
    const split = splitOf({ a: 0, b: 1 });
    expect(countOf(split, "b")).toBe(keys.length);
    const canary = splitOf({ "m/4": 0.1, "m/3": 0.9 });
    expect(canary.pick()).toBe("m/3");
    expect(canary.largest).toBe("m/3");
  });
});

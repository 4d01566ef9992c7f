import { isAttuneError } from "@attune/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom, createRandomFromState, type Random } from "./random.ts";

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const take = (random: Random, count: number) => Array.from({ length: count }, () => random.uint32());

describe("createRandom", () => {
  test("gives the sequence of the reference xoshiro128** for state 1, 2, 3, 4", () => {
    // Printed by the authors' C program, https://prng.di.unimi.it/xoshiro128starstar.c (version 1.1).
    expect(take(createRandomFromState([1, 2, 3, 4]), 10)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  test("keeps its stream from release to release", () => {
    expect(take(createRandom(42), 4)).toEqual([1244047039, 3079758622, 3835541262, 509071875]);
    expect(take(createRandom(42).fork("weights"), 4)).toEqual([1493789646, 822773144, 1216255143, 185920738]);
  });

  test("equal seeds give equal streams, different seeds different ones", () => {
    fc.assert(
      fc.property(seeds, seeds, (a, b) => {
        expect(take(createRandom(a), 8)).toEqual(take(createRandom(a), 8));
        if (a !== b) expect(take(createRandom(a), 8)).not.toEqual(take(createRandom(b), 8));
      }),
    );
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])("refuses seed %s", (seed) => {
    expect(() => createRandom(seed)).toThrow(expect.objectContaining({ code: "NUMERIC_ARGUMENT" }));
  });

  test("uniform lies in [0, 1) with the mean and variance of the uniform distribution", () => {
    const random = createRandom(1);
    const values = Array.from({ length: 100_000 }, () => random.uniform());
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const { mean, variance } = moments(values);
    expect(mean).toBeCloseTo(1 / 2, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  test("normal has mean 0, variance 1 and the tails of a normal distribution", () => {
    const random = createRandom(2);
    const values = Array.from({ length: 100_000 }, () => random.normal());
    const { mean, variance } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
    const outside = values.filter((value) => Math.abs(value) > 1.959964).length / values.length;
    expect(Math.abs(outside - 0.05)).toBeLessThan(0.005);
  });

  test("integers are what as many calls of integer give, and the stream goes on behind them", () => {
    const size = fc.oneof(
      fc.integer({ min: 1, max: 50 }),
      // Just above 2³¹ nearly every second word is drawn again.
      fc.integer({ min: 2 ** 31 - 2, max: 2 ** 31 + 2 }),
      fc.constant(2 ** 32),
    );
    fc.assert(
      fc.property(seeds, size, fc.nat(40), (seed, n, count) => {
        const [one, many] = [createRandom(seed), createRandom(seed)];
        const out = new Uint32Array(count);
        many.integers(n, out);
        expect([...out]).toEqual(Array.from({ length: count }, () => one.integer(n)));
        expect(take(many, 4)).toEqual(take(one, 4));
      }),
    );
    const failure = expect.objectContaining({ code: "NUMERIC_ARGUMENT" });
    expect(() => createRandom(1).integers(0, new Int32Array(1))).toThrow(failure);
  });

  test("integer is below n and each value comes equally often", () => {
    const random = createRandom(3);
    const counts = new Int32Array(7);
    for (let draw = 0; draw < 70_000; draw++) counts[random.integer(7)]!++;
    // Chi-squared with 6 degrees of freedom exceeds 22.5 once in a thousand seeds.
    const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(22.5);
  });

  test("integer has no modulo bias where a plain remainder has a strong one", () => {
    // Of 2^32 words, a remainder by 3·2^30 would give the lowest third twice as often as each of the others.
    const random = createRandom(4);
    const n = 3 * 2 ** 30;
    let low = 0;
    for (let draw = 0; draw < 30_000; draw++) if (random.integer(n) < n / 3) low++;
    expect(Math.abs(low / 30_000 - 1 / 3)).toBeLessThan(0.01);
  });

  test.each([0, -1, 1.5, 2 ** 33])("integer refuses n = %s", (n) => {
    const attempt = () => createRandom(0).integer(n);
    expect(attempt).toThrow(expect.objectContaining({ code: "NUMERIC_ARGUMENT" }));
  });

  test("shuffle keeps the values and reaches each order equally often", () => {
    const random = createRandom(5);
    const orders = new Map<string, number>();
    for (let draw = 0; draw < 6000; draw++) {
      const order = random.shuffle(Int32Array.of(0, 1, 2)).join("");
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect([...orders.keys()].sort()).toEqual(["012", "021", "102", "120", "201", "210"]);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  test("a fork depends on seed and label, not on what was drawn before", () => {
    fc.assert(
      fc.property(seeds, fc.string(), fc.string(), fc.nat(20), (seed, label, other, drawn) => {
        const used = createRandom(seed);
        take(used, drawn);
        const fork = take(used.fork(label), 8);
        expect(fork).toEqual(take(createRandom(seed).fork(label), 8));
        expect(fork).not.toEqual(take(createRandom(seed), 8));
        if (label !== other) expect(fork).not.toEqual(take(createRandom(seed).fork(other), 8));
      }),
    );
  });

  test("its errors are recognised by code", () => {
    try {
      createRandom(-1);
      expect.unreachable();
    } catch (error) {
      expect(isAttuneError(error, "NUMERIC_ARGUMENT")).toBe(true);
    }
  });
});

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

import type { Estimate } from "@attune/contracts/manifest";
import { createRandom, quantile } from "@attune/numeric";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bootstrapDifference, bootstrapDifferences, bootstrapMean, bootstrapMeans } from "./bootstrap.ts";

const values = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 })
  .map((list) => Float64Array.from(list));
const seed = fc.nat();
/** A single value has no interval: it is its own bounds. */
const flat = ({ value, interval }: Estimate) => ({ value, lower: value, upper: value, ...interval });
const argument = expect.objectContaining({ code: "METRICS_ARGUMENT" });
const shape = expect.objectContaining({ code: "METRICS_SHAPE" });

describe("bootstrapMean", () => {
  test("the interval holds the mean and stays within the values", () => {
    fc.assert(
      fc.property(values, seed, (list, start) => {
        const { value, lower, upper } = flat(bootstrapMean(list, { samples: 200, seed: start }));
        const rounding = 1e-12;
        expect(value).toBeCloseTo(list.reduce((sum, one) => sum + one, 0) / list.length, 12);
        expect(lower).toBeLessThanOrEqual(value + rounding);
        expect(upper).toBeGreaterThanOrEqual(value - rounding);
        expect(lower).toBeGreaterThanOrEqual(Math.min(...list));
        expect(upper).toBeLessThanOrEqual(Math.max(...list));
      }),
    );
  });

  test("equal seeds give equal bytes, another seed another interval", () => {
    const list = Float64Array.from({ length: 40 }, (_, user) => Math.sin(user) ** 2);
    const first = bootstrapMean(list, { seed: 7 });
    expect(bootstrapMean(list, { seed: 7 })).toEqual(first);
    expect(bootstrapMean(list, { seed: 8 })).not.toEqual(first);
  });

  test("equal values have an interval of no width", () => {
    const { value, lower, upper } = flat(bootstrapMean(new Float64Array(30).fill(0.1), { samples: 100 }));
    expect(value).toBe(0.1);
    expect([lower, upper]).toEqual([0.1, 0.1]);
  });

  test("one user is their own interval", () => {
    expect(bootstrapMean(Float64Array.of(0.25))).toEqual({ value: 0.25 });
  });

  test("a wider level gives a wider interval", () => {
    const list = Float64Array.from({ length: 50 }, (_, user) => (user % 7) / 7);
    const narrow = bootstrapMean(list, { level: 0.5 });
    const wide = bootstrapMean(list, { level: 0.99 });
    expect(wide.interval!.lower).toBeLessThan(narrow.interval!.lower);
    expect(wide.interval!.upper).toBeGreaterThan(narrow.interval!.upper);
  });

  test("covers the true mean about as often as it says", () => {
    // 300 studies of 60 users with mean 1/3 (the square of a uniform); 95 % ± 3 standard errors of the count.
    const random = createRandom(11);
    let covered = 0;
    for (let study = 0; study < 300; study++) {
      const list = Float64Array.from({ length: 60 }, () => random.uniform() ** 2);
      const { lower, upper } = flat(bootstrapMean(list, { samples: 300, seed: study }));
      if (lower <= 1 / 3 && 1 / 3 <= upper) covered++;
    }
    expect(covered).toBeGreaterThan(271);
    expect(covered).toBeLessThan(297);
  });

  test.each([
    ["no users", () => bootstrapMean(new Float64Array(0))],
    ["NaN", () => bootstrapMean(Float64Array.of(0, Number.NaN))],
    ["no samples", () => bootstrapMean(Float64Array.of(0), { samples: 0 })],
    ["a level of 1", () => bootstrapMean(Float64Array.of(0), { level: 1 })],
    ["no columns", () => bootstrapMeans({})],
  ])("refuses %s", (_, attempt) => {
    expect(attempt).toThrow(argument);
  });
});

describe("several metrics", () => {
  test("each gets the interval it would get alone: the resamples are the same", () => {
    fc.assert(
      fc.property(values, seed, (list, start) => {
        const other = list.map((value) => 1 - value * value);
        const options = { samples: 50, seed: start };
        const { a, b } = bootstrapMeans({ a: list, b: other }, options);
        // But for rounding: users are added up in groups of like rows, and columns beside it make more groups.
        for (const [together, alone] of [
          [a, bootstrapMean(list, options)],
          [b, bootstrapMean(other, options)],
        ] as const) {
          expect(together.value).toBe(alone.value);
          expect(flat(together).lower).toBeCloseTo(flat(alone).lower, 12);
          expect(flat(together).upper).toBeCloseTo(flat(alone).upper, 12);
        }
      }),
    );
  });

  test("columns of different length are refused", () => {
    expect(() => bootstrapMeans({ a: new Float64Array(2), b: new Float64Array(3) })).toThrow(shape);
  });
});

describe("bootstrapDifference", () => {
  test("pairs the users: a constant gain has an interval of no width however much users differ", () => {
    const b = Float64Array.from({ length: 64 }, (_, user) => user / 64);
    const { value, lower, upper } = flat(
      bootstrapDifference(
        b.map((one) => one + 0.125),
        b,
      ),
    );
    expect([value, lower, upper]).toEqual([0.125, 0.125, 0.125]);
  });

  test("rounding does not lift an interval off zero", () => {
    // One user in n gains: some resamples of every study miss them, and their mean is 0 to the last bit.
    for (let users = 3; users <= 60; users++) {
      const gain = new Float64Array(users);
      gain[users >> 1] = 1 / Math.log2(users);
      const { lower } = flat(bootstrapMean(gain, { seed: users }));
      expect(Object.is(lower, 0)).toBe(true);
      expect(bootstrapDifference(new Float64Array(users), gain, { seed: users }).interval!.upper).toBe(0);
    }
  });

  test("is the mean of the differences on the resamples of its seed", () => {
    fc.assert(
      fc.property(values, seed, (a, start) => {
        const b = a.toReversed();
        const options = { samples: 50, seed: start };
        const expected = bootstrapMean(
          a.map((value, user) => value - b[user]!),
          options,
        );
        expect(bootstrapDifference(a, b, options)).toEqual(expected);
        expect(bootstrapDifferences({ m: a }, { m: b }, options).m).toEqual(expected);
      }),
    );
  });

  test("refuses unequal lengths and missing columns", () => {
    const two = new Float64Array(2);
    expect(() => bootstrapDifference(two, new Float64Array(3))).toThrow(shape);
    const lacking: Record<string, Float64Array> = { other: two };
    expect(() => bootstrapDifferences<string>({ m: two }, lacking)).toThrow(shape);
  });
});

test("counting users of equal rows together gives what drawing each user gives, to rounding", () => {
  // Few distinct values, so that rows repeat; the second column tells some of them apart.
  const few = fc.array(fc.tuple(fc.constantFrom(0, 0.5, 1), fc.constantFrom(0, 1 / 3)), {
    minLength: 2,
    maxLength: 60,
  });
  fc.assert(
    fc.property(few, seed, (rows, start) => {
      const columns = {
        a: Float64Array.from(rows, ([a]) => a),
        b: Float64Array.from(rows, ([, b]) => b),
      };
      const actual = bootstrapMeans(columns, { samples: 40, seed: start });
      const random = createRandom(start);
      const draws = Array.from({ length: 40 }, () => rows.map(() => random.integer(rows.length)));
      for (const name of ["a", "b"] as const) {
        const means = draws.map(
          (users) => users.reduce((sum, user) => sum + columns[name][user]!, 0) / users.length,
        );
        const sorted = Float64Array.from(means).sort();
        expect(actual[name].interval!.lower).toBeCloseTo(quantile(sorted, 0.025), 12);
        expect(actual[name].interval!.upper).toBeCloseTo(quantile(sorted, 0.975), 12);
      }
    }),
  );
});

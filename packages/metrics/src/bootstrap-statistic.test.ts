import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bootstrapMean } from "./bootstrap.ts";
import { bootstrapStatistic } from "./bootstrap-statistic.ts";
import { auc } from "./classification.ts";

const argument = expect.objectContaining({ code: "METRICS_ARGUMENT" });

function meanOf(values: Float64Array) {
  return (units: Int32Array) => units.reduce((sum, unit) => sum + values[unit]!, 0) / units.length;
}

describe("bootstrapStatistic", () => {
  test("of a mean is bootstrapMean, to rounding", () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.nat(), (list, seed) => {
        const column = Float64Array.from(list);
        const expected = bootstrapMean(column, { samples: 60, seed });
        const actual = bootstrapStatistic(list.length, meanOf(column), { samples: 60, seed });
        expect(actual.value).toBeCloseTo(expected.value, 12);
        expect(actual.interval!.lower).toBeCloseTo(expected.interval!.lower, 12);
        expect(actual.interval!.upper).toBeCloseTo(expected.interval!.upper, 12);
      }),
    );
  });

  test("an AUC has an interval around it, though some resamples have no positive row", () => {
    const scores = Float64Array.of(0.1, 0.4, 0.35, 0.8, 0.2);
    const positive = Uint8Array.of(0, 0, 1, 1, 0);
    let undefinedCount = 0;
    const { value, interval } = bootstrapStatistic(
      5,
      (units) => {
        const figure = auc(
          Float64Array.from(units, (unit) => scores[unit]!),
          Uint8Array.from(units, (unit) => positive[unit]!),
        );
        if (Number.isNaN(figure)) undefinedCount += 1;
        return figure;
      },
      { samples: 300, seed: 4 },
    );
    expect(value).toBeCloseTo(5 / 6, 12);
    expect(undefinedCount).toBeGreaterThan(0);
    expect(interval!.lower).toBeLessThan(value);
    expect(interval!.upper).toBe(1);
  });

  test("defined on no resample, it has no interval", () => {
    const rising = (units: Int32Array) => (units.every((unit, at) => unit === at) ? 1 : Number.NaN);
    expect(bootstrapStatistic(50, rising, { samples: 20 })).toEqual({ value: 1 });
  });

  test.each([
    ["no units", () => bootstrapStatistic(0, () => 1)],
    ["a figure that is not defined", () => bootstrapStatistic(3, () => Number.NaN)],
    ["a bad level", () => bootstrapStatistic(3, () => 1, { level: 1 })],
  ])("refuses %s", (_, attempt) => {
    expect(attempt).toThrow(argument);
  });
});

import { createRandom } from "@attune/numeric";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bootstrapDifference } from "./bootstrap.ts";
import { compareUnits } from "./compare-units.ts";

const values = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 })
  .map((list) => Float64Array.from(list));

describe("compareUnits", () => {
  test("the lead is the paired difference, and p a share of the flips", () => {
    fc.assert(
      fc.property(values, fc.nat(), (list, seed) => {
        const zeros = new Float64Array(list.length);
        const options = { samples: 99, seed };
        const { lead, p } = compareUnits(list, zeros, options);
        expect(lead).toEqual(bootstrapDifference(list, zeros, options));
        expect(p).toBeGreaterThanOrEqual(0.01);
        expect(p).toBeLessThanOrEqual(1);
        expect(compareUnits(list, zeros, options).p).toBe(p);
      }),
    );
  });

  test("equal models never lead; a lead on every one of many units is as small a p as there is", () => {
    const gain = new Float64Array(40).fill(0.1);
    const zeros = new Float64Array(40);
    expect(compareUnits(gain, gain, { samples: 99 }).p).toBe(1);
    expect(compareUnits(zeros, gain, { samples: 99 }).p).toBe(1);
    expect(compareUnits(gain, zeros, { samples: 99 }).p).toBe(0.01);
  });

  test.each([1, 2, 3])("%i units cannot tell: p is never below one in two to their number", (count) => {
    const gain = new Float64Array(count).fill(1);
    const { p } = compareUnits(gain, new Float64Array(count), { samples: 999 });
    expect(p).toBeGreaterThan(0.8 / 2 ** count);
  });

  test("two models that are equal are told apart as often as the level says, however few the units", () => {
    const random = createRandom(3);
    // Most units get nothing, as with ranking metrics.
    const draw = () => (random.uniform() < 0.8 ? 0 : random.uniform());
    for (const units of [5, 20, 60]) {
      let found = 0;
      const studies = 600;
      for (let study = 0; study < studies; study++) {
        const a = Float64Array.from({ length: units }, draw);
        const b = Float64Array.from({ length: units }, draw);
        if (compareUnits(a, b, { samples: 199, seed: study }).p <= 0.05) found += 1;
      }
      // Three standard errors of a share of .05.
      expect(found / studies, `${units} units`).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / studies));
    }
  });
});

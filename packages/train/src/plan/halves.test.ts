import fc from "fast-check";
import { expect, test } from "vitest";
import { halveUnits } from "./halves.ts";

test("every unit is in one half, and the halves are as large", () => {
  const units = fc.uniqueArray(fc.nat(10_000), { minLength: 2, maxLength: 80 });
  fc.assert(
    fc.property(units, fc.nat(1000), (values, seed) => {
      const rising = Int32Array.from(values).sort();
      const { tuning, choosing } = halveUnits(rising, seed);
      expect(Int32Array.of(...tuning, ...choosing).sort()).toEqual(rising);
      expect(tuning.length - choosing.length).toBe(rising.length % 2);
      expect(halveUnits(rising, seed)).toEqual({ tuning, choosing });
    }),
  );
});

test("a single unit is all there is for both", () => {
  expect(halveUnits(Int32Array.of(7), 1)).toEqual({ tuning: Int32Array.of(7), choosing: Int32Array.of(7) });
});

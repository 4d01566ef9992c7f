import { expect, test } from "vitest";
import { quantile } from "./quantile.ts";

test("linear between order statistics, as NumPy's default", () => {
  const sorted = Float64Array.of(1, 2, 4, 8);
  expect(quantile(sorted, 0)).toBe(1);
  expect(quantile(sorted, 1)).toBe(8);
  expect(quantile(sorted, 0.5)).toBe(3);
  expect(quantile(sorted, 0.9)).toBeCloseTo(6.8, 12);
  expect(quantile(Float64Array.of(7), 0.3)).toBe(7);
});

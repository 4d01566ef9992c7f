import { expect, test } from "vitest";
import { median, significant } from "./statistics.ts";

test("the median is the middle, or the mean of the two middle values, and leaves its input alone", () => {
  const values = [5, 1, 9];
  expect(median(values)).toBe(5);
  expect(values).toEqual([5, 1, 9]);
  expect(median([4, 1, 2, 8])).toBe(3);
  expect(median([])).toBeNaN();
});

test("rounds to significant digits", () => {
  expect(significant(1234.567)).toBe(1235);
  expect(significant(0.0123456, 2)).toBe(0.012);
});

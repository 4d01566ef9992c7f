import { expect, test } from "vitest";
import { findLargestDifference } from "./losses.ts";

test("the largest relative difference, where it is and between whom; a slow engine counts for the steps it has", () => {
  const difference = findLargestDifference({ a: [4, 2, 1], b: [4, 2.02, 1.001], c: [4.001] });
  expect(difference?.relative).toBeCloseTo(0.01, 12);
  expect(difference).toMatchObject({ step: 1, engines: ["a", "b"] });
});

test("a loss that is not finite is as far off as can be", () => {
  const difference = findLargestDifference({ a: [1, 1], b: [1, Number.NaN] });
  expect(difference).toEqual({ relative: Number.POSITIVE_INFINITY, step: 1, engines: ["b", "b"] });
});

test("one engine alone is compared with nothing", () => {
  expect(findLargestDifference({ a: [1, 2] })).toBeUndefined();
  expect(findLargestDifference({})).toBeUndefined();
});

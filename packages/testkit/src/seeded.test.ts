import { expect, test } from "vitest";
import { seeded } from "./seeded.ts";

test("the same seed gives the same values, another seed others", () => {
  expect(seeded(3).uniform(5, -1, 1)).toEqual(seeded(3).uniform(5, -1, 1));
  expect(seeded(3).uniform(5, -1, 1)).not.toEqual(seeded(4).uniform(5, -1, 1));
});

test("values stay in their range and distinct ones are distinct", () => {
  const random = seeded(1);
  const values = random.uniform(1000, 2, 3);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(2);
  expect(Math.max(...values)).toBeLessThan(3);
  expect([...random.distinct(10, 10)].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

import { createRandom } from "@attune/numeric";
import { interactionsFrom } from "@attune/testkit";
import { describe, expect, test } from "vitest";
import { createBatch } from "./batch.ts";

const events = [
  { user: 0, item: 1, weight: 3 },
  { user: 0, item: 3, weight: 4 },
  { user: 1, item: 0, weight: 2 },
];
const interactions = interactionsFrom(events, 2, 4);

function batchOf(dropout: number, seed = 1) {
  return createBatch(interactions, {
    users: Int32Array.of(1, 0),
    dropout,
    scale: 2,
    random: createRandom(seed),
  });
}

describe("a batch", () => {
  test("holds histories of length 1 in the users' order, and weights in units of the scale", () => {
    const { rowCount, input, target } = batchOf(0);
    expect(rowCount).toBe(2);
    expect(Array.from(input)).toEqual([1, 0, 0, 0, 0, Math.fround(0.6), 0, Math.fround(0.8)]);
    expect(Array.from(target)).toEqual([1, 0, 0, 0, 0, 1.5, 0, 2]);
  });

  test("drops entries of the input only, and on average shows the whole history", () => {
    const draws = 2000;
    const sum = new Float64Array(8);
    for (let seed = 0; seed < draws; seed++) {
      const { input, target } = batchOf(0.5, seed);
      expect(target).toEqual(batchOf(0).target);
      input.forEach((value, at) => {
        sum[at]! += value / draws;
      });
    }
    // An entry is 0 or doubled, so its mean has a standard error of value / √draws: five of them.
    const whole = batchOf(0).input;
    sum.forEach((value, at) => {
      expect(Math.abs(value - whole[at]!)).toBeLessThanOrEqual((5 * whole[at]!) / Math.sqrt(draws));
    });
  });
});

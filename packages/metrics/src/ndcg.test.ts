import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { measureList } from "./list-metrics.ts";
import { ndcgAtK } from "./ndcg.ts";
import { topK } from "./top-k.ts";

const gain = fc.constantFrom(0, 0, 0, 1, 2, 3);
const list = fc
  .array(fc.tuple(fc.float({ noNaN: true, noDefaultInfinity: true }), gain), { minLength: 1, maxLength: 30 })
  .map((pairs) => ({
    scores: Float32Array.from(pairs, ([score]) => score),
    gains: Float32Array.from(pairs, ([, value]) => value),
  }));
const cutoff = fc.integer({ min: 1, max: 35 });

describe("ndcgAtK", () => {
  test("by hand: gains 3, 0, 2 in this order, cut at 2 and at 3", () => {
    const scores = Float32Array.of(0.9, 0.5, 0.1);
    const gains = Float32Array.of(3, 0, 2);
    // (2³ − 1)/log2(2) = 7; (2² − 1)/log2(4) = 1.5; ideal: 7 + 3/log2(3) = 7 + 1.892789
    expect(ndcgAtK(scores, gains, 2)).toBeCloseTo(7 / 8.892789260714373, 12);
    expect(ndcgAtK(scores, gains, 3)).toBeCloseTo(8.5 / 8.892789260714373, 12);
    expect(ndcgAtK(scores, gains, 99)).toBe(ndcgAtK(scores, gains, 3));
  });

  test("lies in [0, 1], and is 1 when the scores are the gains", () => {
    fc.assert(
      fc.property(list, cutoff, ({ scores, gains }, k) => {
        const value = ndcgAtK(scores, gains, k);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-15);
        expect(ndcgAtK(gains, gains, k)).toBe(gains.some((one) => one > 0) ? 1 : 0);
      }),
    );
  });

  test("with gains of 0 and 1 is the nDCG of measureList", () => {
    fc.assert(
      fc.property(list, cutoff, ({ scores, gains }, k) => {
        const relevant = Int32Array.from(gains.keys()).filter((item) => gains[item]! > 0);
        const binary = gains.map((value) => Math.min(value, 1));
        const expected = measureList(topK(scores, k), relevant, { cutoffs: [k] });
        expect(ndcgAtK(scores, binary, k)).toBeCloseTo(expected?.[`ndcg@${k}`] ?? 0, 12);
      }),
    );
  });

  test("does not depend on the order of items with distinct scores", () => {
    fc.assert(
      fc.property(fc.array(gain, { minLength: 1, maxLength: 20 }), cutoff, (values, k) => {
        const gains = Float32Array.from(values);
        const scores = Float32Array.from(values.keys());
        expect(ndcgAtK(scores.toReversed(), gains.toReversed(), k)).toBe(ndcgAtK(scores, gains, k));
      }),
    );
  });

  test("refuses arrays of different length, and gains that are negative or not finite", () => {
    const scores = new Float32Array(2);
    expect(() => ndcgAtK(scores, new Float32Array(3), 1)).toThrow(
      expect.objectContaining({ code: "METRICS_SHAPE" }),
    );
    for (const bad of [-1, Number.NaN, Infinity]) {
      expect(() => ndcgAtK(scores, Float32Array.of(0, bad), 1)).toThrow(
        expect.objectContaining({ code: "METRICS_ARGUMENT" }),
      );
    }
  });
});

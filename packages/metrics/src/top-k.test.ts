import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { topK } from "./top-k.ts";

// Few distinct values, so that ties, infinities and NaN are common.
const score = fc.oneof(
  fc.constantFrom(0, -0, 1, 2, Number.NaN, -Infinity, Infinity),
  fc.float({ noNaN: false }),
);
const scoresOf = fc.array(score, { maxLength: 60 }).map((values) => Float32Array.from(values));

/** The rule in its plainest form: drop what cannot be shown, sort all, cut. */
function sortAll(scores: Float32Array, k: number, masked: ReadonlySet<number>): number[] {
  return Array.from(scores.keys())
    .filter((item) => !masked.has(item) && !Number.isNaN(scores[item]) && scores[item] !== -Infinity)
    .sort((a, b) => (scores[a] === scores[b] ? a - b : scores[a]! < scores[b]! ? 1 : -1))
    .slice(0, k);
}

describe("topK", () => {
  test("equals a full sort, whatever the ties and masks", () => {
    fc.assert(
      fc.property(scoresOf, fc.integer({ min: 1, max: 70 }), fc.array(fc.nat(59)), (scores, k, masked) => {
        const expected = sortAll(scores, k, new Set(masked));
        expect([...topK(scores, k, Int32Array.from(masked))]).toEqual(expected);
        const flags = Uint8Array.from(scores, (_, item) => (masked.includes(item) ? 1 : 0));
        expect([...topK(scores, k, flags)]).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test("the first j of the best k are the best j", () => {
    fc.assert(
      fc.property(scoresOf, fc.integer({ min: 1, max: 30 }), fc.nat(30), (scores, j, more) => {
        expect(topK(scores, j + more).slice(0, j)).toEqual(topK(scores, j));
      }),
    );
  });

  test("ties go to the lower index", () => {
    expect([...topK(Float32Array.of(1, 3, 2, 3, 3), 3)]).toEqual([1, 3, 4]);
    expect([...topK(Float32Array.of(-0, 0, -0), 2)]).toEqual([0, 1]);
  });

  test("never returns −∞, NaN or a masked item, so the list may be short or empty", () => {
    const scores = Float32Array.of(-Infinity, Number.NaN, 5, Infinity, 1);
    expect([...topK(scores, 5)]).toEqual([3, 2, 4]);
    expect([...topK(scores, 5, Int32Array.of(3, 3, 4))]).toEqual([2]);
    expect(topK(scores, 5, new Uint8Array(5).fill(1))).toHaveLength(0);
    expect(topK(new Float32Array(0), 5)).toHaveLength(0);
  });

  test("ignores masked indexes that are no item", () => {
    expect([...topK(Float32Array.of(1, 2), 2, Int32Array.of(-1, 2))]).toEqual([1, 0]);
  });

  test.each([0, -1, 1.5, Number.NaN])("refuses k = %s", (k) => {
    expect(() => topK(Float32Array.of(1), k)).toThrow(expect.objectContaining({ code: "METRICS_ARGUMENT" }));
  });

  test("refuses flags of another length", () => {
    const attempt = () => topK(new Float32Array(3), 1, new Uint8Array(2));
    expect(attempt).toThrow(expect.objectContaining({ code: "METRICS_SHAPE" }));
  });
});

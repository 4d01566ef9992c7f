import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { measureList } from "./list-metrics.ts";

const cutoffs = [1, 2, 3, 5, 10];

/** A list without repeats and a set of relevant items, both over 30 items, and items that no list can hold. */
const example = fc.record({
  ranked: fc.uniqueArray(fc.nat(29), { maxLength: 15 }).map((items) => Int32Array.from(items)),
  relevant: fc
    .uniqueArray(fc.nat(29), { minLength: 1, maxLength: 15 })
    .map((items) => Int32Array.from(items)),
  unreachableCount: fc.nat(3),
});

describe("measureList, by hand", () => {
  // Hits at ranks 1, 3 and 5; four relevant items, item 9 is never ranked.
  const ranked = Int32Array.of(4, 0, 7, 1, 2);
  const relevant = Int32Array.of(2, 4, 7, 9);
  const values = measureList(ranked, relevant, { cutoffs: [2, 3, 5, 10] })!;

  test("precision divides by k, also beyond the end of the list", () => {
    expect(values["precision@2"]).toBe(1 / 2);
    expect(values["precision@3"]).toBe(2 / 3);
    expect(values["precision@5"]).toBe(3 / 5);
    expect(values["precision@10"]).toBe(3 / 10);
  });

  test("recall divides by all relevant items", () => {
    expect(values["recall@2"]).toBe(1 / 4);
    expect(values["recall@3"]).toBe(2 / 4);
    expect(values["recall@10"]).toBe(3 / 4);
  });

  test("nDCG divides by the best list of min(k, relevant) hits", () => {
    // Discounts 1/log2(r + 1): 1, 0.630930, 0.5, 0.430677, 0.386853.
    // @2: 1 / (1 + 0.630930)
    expect(values["ndcg@2"]).toBeCloseTo(0.6131471927654584, 12);
    // @3: (1 + 0.5) / (1 + 0.630930 + 0.5)
    expect(values["ndcg@3"]).toBeCloseTo(0.7039180890341347, 12);
    // @5: (1 + 0.5 + 0.386853) / (1 + 0.630930 + 0.5 + 0.430677)
    expect(values["ndcg@5"]).toBeCloseTo(1.886852807234541 / 2.561606311644851, 9);
    expect(values["ndcg@10"]).toBe(values["ndcg@5"]);
  });

  test("MAP sums the precision at each hit: 1/1, 2/3, 3/5", () => {
    expect(values["map@2"]).toBeCloseTo(1 / 2, 12);
    expect(values["map@3"]).toBeCloseTo((1 + 2 / 3) / 3, 12);
    expect(values["map@5"]).toBeCloseTo((1 + 2 / 3 + 3 / 5) / 4, 12);
    const whole = measureList(ranked, relevant, { cutoffs: [2, 3, 5], mapDivisor: "relevant" })!;
    expect(whole["map@2"]).toBeCloseTo(1 / 4, 12);
    expect(whole["map@3"]).toBeCloseTo((1 + 2 / 3) / 4, 12);
    expect(whole["map@5"]).toBe(values["map@5"]);
  });

  test("MRR and hit rate look at the first hit", () => {
    expect(values["mrr@2"]).toBe(1);
    const late = measureList(Int32Array.of(0, 1, 4), relevant, { cutoffs: [2, 3] })!;
    expect(late).toMatchObject({ "mrr@2": 0, "mrr@3": 1 / 3, "hit-rate@2": 0, "hit-rate@3": 1 });
  });

  test("items outside the catalogue are relevant and cannot be found", () => {
    const some = measureList(Int32Array.of(4, 0), Int32Array.of(4, -1, -1), { unreachableCount: 1 })!;
    expect(some["recall@10"]).toBe(1 / 4);
    // Best list: four hits. 1 / (1 + 0.630930 + 0.5 + 0.430677)
    expect(some["ndcg@10"]).toBeCloseTo(1 / 2.561606311644851, 9);
    const none = measureList(Int32Array.of(4, 0), new Int32Array(0), { unreachableCount: 1 })!;
    expect(none["recall@10"]).toBe(0);
  });

  test("a repeated relevant item counts once", () => {
    expect(measureList(ranked, Int32Array.of(4, 4))!["recall@10"]).toBe(1);
  });

  test("an empty list scores 0 everywhere", () => {
    const zeros = Object.values(measureList(new Int32Array(0), relevant)!);
    expect(zeros).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("without relevant items nothing is defined", () => {
    expect(measureList(ranked, new Int32Array(0))).toBeUndefined();
  });

  test("metrics come in a fixed order, cut-offs upwards", () => {
    const names = Object.keys(measureList(ranked, relevant, { cutoffs: [10, 5, 10] })!);
    expect(names.slice(0, 4)).toEqual(["precision@5", "precision@10", "recall@5", "recall@10"]);
    expect(names).toHaveLength(12);
  });
});

describe("measureList, always", () => {
  test("values lie in [0, 1]", () => {
    fc.assert(
      fc.property(example, fc.constantFrom("cutoff" as const, "relevant" as const), (list, mapDivisor) => {
        const { ranked, relevant, unreachableCount } = list;
        const values = measureList(ranked, relevant, { cutoffs, unreachableCount, mapDivisor })!;
        for (const value of Object.values(values)) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test("recall, hit rate and MRR never fall as k grows", () => {
    fc.assert(
      fc.property(example, ({ ranked, relevant }) => {
        const values = measureList(ranked, relevant, { cutoffs })!;
        for (const metric of ["recall", "hit-rate", "mrr"] as const) {
          const curve = cutoffs.map((k) => values[`${metric}@${k}`]!);
          expect(curve).toEqual(curve.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  test("a perfect list has nDCG, MAP and MRR of exactly 1", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(20).keys()], { minLength: 1 }), (items) => {
        const relevant = Int32Array.from(items);
        const rest = [...Array(20).keys()].filter((item) => !items.includes(item));
        const values = measureList(Int32Array.from([...items, ...rest]), relevant, { cutoffs })!;
        for (const k of cutoffs) {
          expect(values).toMatchObject({ [`ndcg@${k}`]: 1, [`map@${k}`]: 1, [`mrr@${k}`]: 1 });
        }
      }),
    );
  });

  test("only a perfect list has nDCG 1", () => {
    fc.assert(
      fc.property(example, ({ ranked, relevant }) => {
        const values = measureList(ranked, relevant, { cutoffs: [5] })!;
        const best = Math.min(5, relevant.length);
        const perfect =
          ranked.length >= best && ranked.slice(0, best).every((item) => relevant.includes(item));
        expect(values["ndcg@5"] === 1).toBe(perfect);
      }),
    );
  });

  test("the order of the relevant items and the numbers of the items do not matter", () => {
    fc.assert(
      fc.property(example, fc.shuffledSubarray([...Array(30).keys()], { minLength: 30 }), (list, renamed) => {
        const { ranked, relevant, unreachableCount } = list;
        const values = measureList(ranked, relevant, { cutoffs, unreachableCount });
        expect(measureList(ranked, relevant.toReversed(), { cutoffs, unreachableCount })).toEqual(values);
        const rename = (items: Int32Array) => items.map((item) => renamed[item]!);
        expect(measureList(rename(ranked), rename(relevant), { cutoffs, unreachableCount })).toEqual(values);
      }),
    );
  });

  test("cut-offs are independent of each other", () => {
    fc.assert(
      fc.property(example, fc.constantFrom(...cutoffs), ({ ranked, relevant }, k) => {
        expect(measureList(ranked, relevant, { cutoffs })).toMatchObject(
          measureList(ranked, relevant, { cutoffs: [k] })!,
        );
      }),
    );
  });
});

describe("measureList refuses", () => {
  const list = Int32Array.of(0, 1);
  test.each([
    ["no cut-offs", () => measureList(list, list, { cutoffs: [] })],
    ["a cut-off of 0", () => measureList(list, list, { cutoffs: [5, 0] })],
    ["half a cut-off", () => measureList(list, list, { cutoffs: [2.5] })],
    ["a negative count", () => measureList(list, list, { unreachableCount: -1 })],
    ["an item ranked twice", () => measureList(Int32Array.of(1, 1), list)],
  ])("%s", (_, attempt) => {
    expect(attempt).toThrow(expect.objectContaining({ code: "METRICS_ARGUMENT" }));
  });
});

// The encoder run by ONNX Runtime: every rule of the docblocks is one case.
import { type DuplicateRule, duplicateRules, weightRange } from "@attune/contracts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createEncoder, type EncoderRow } from "./fixtures/run-encoder.ts";
import { maxTimeSeconds } from "./order-history.ts";

const itemIds = ["a", "b", "c", "two words", "x,y", "日本", "😀"];

describe("ids", () => {
  test("maps ids with spaces, commas, other scripts and emoji", async () => {
    const encode = await createEncoder({ itemIds });
    const [row] = await encode([{ history: ["two words", "x,y", "日本", "😀"] }]);
    expect(row!.weights).toEqual({ 3: 1, 4: 1, 5: 1, 6: 1 });
  });

  test("counts unknown ids, and padding not at all", async () => {
    const encode = await createEncoder({ itemIds });
    const [row, padded] = await encode([{ history: ["nope", "b", "nope", " b"] }, { history: ["a"] }]);
    expect(row).toMatchObject({ weights: { 1: 1 }, unknown: 3, total: 1 });
    expect(padded).toMatchObject({ weights: { 0: 1 }, unknown: 0, total: 1 });
  });

  test("takes histories, exclude and allow lists of length 0", async () => {
    const encode = await createEncoder({ itemIds });
    const nothing = { weights: {}, unknown: 0, total: 0, restricts: false, ordered: [[0, 0, 0]] };
    expect(await encode([{ history: [] }, { history: [] }])).toMatchObject([nothing, nothing]);
    const [row] = await encode([{ history: [], exclude: ["a"] }]);
    expect(row).toMatchObject({ ...nothing, hidden: new Set([0]) });
  });

  test.each([1, 2])("a catalogue of %i items never gets an index outside of it", async (items) => {
    const encode = await createEncoder({ itemIds: itemIds.slice(0, items) });
    const [row] = await encode([
      { history: ["a", "nope", "", "a"], exclude: ["nope", ""], allow: ["nix", "a"] },
    ]);
    expect(row).toMatchObject({ weights: { 0: 1 }, unknown: 1, hidden: new Set([0]), allowed: new Set([0]) });
    expect(row!.indexes.every((index) => index >= 0 && index < items)).toBe(true);
  });
});

describe("weights", () => {
  test.each([
    ["zero", 0],
    ["negative", -1],
    ["NaN", Number.NaN],
    ["minus infinity", Number.NEGATIVE_INFINITY],
  ])("a weight that is %s counts nothing, but the item stays hidden", async (_, weight) => {
    for (const duplicates of duplicateRules) {
      const encode = await createEncoder({ itemIds, duplicates });
      const [row, newer] = await encode([
        { history: ["b"], weights: [weight] },
        { history: ["b", "b"], weights: [2, weight] },
      ]);
      expect(row).toMatchObject({ weights: {}, total: 0, unknown: 0, finite: true, hidden: new Set([1]) });
      expect(newer).toMatchObject({ weights: { 1: 2 }, total: 2, finite: true });
    }
  });

  test("brings weights into the range whose squares float32 holds, sums too", async () => {
    for (const duplicates of duplicateRules) {
      const encode = await createEncoder({ itemIds, duplicates });
      const [row] = await encode([
        { history: ["a", "b", "a"], weights: [Number.POSITIVE_INFINITY, 1e-30, Number.POSITIVE_INFINITY] },
      ]);
      expect(row!.weights[0]).toBe(Math.fround(weightRange.max));
      expect(row!.weights[1]).toBe(Math.fround(weightRange.min));
    }
  });
});

describe("repeats", () => {
  test.each([
    ["last", { 0: 1, 2: 0.25 }],
    ["highest", { 0: 2, 2: 3 }],
    ["sum", { 0: 5, 2: 3.75 }],
  ] as const)("an item given several times counts once: %s", async (duplicates, weights) => {
    const encode = await createEncoder({ itemIds, duplicates });
    const [row] = await encode([
      { history: ["c", "a", "c", "c", "a", "nope", "a"], weights: [0.5, 2, 3, 0.25, 2, 9, 1] },
    ]);
    const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    expect(row).toMatchObject({ weights, counted: 2, total, unknown: 1, rising: true });
  });

  test.each(["highest", "sum"] as const)("the order of a history does not change a bit: %s", async (rule) => {
    const encode = await createEncoder({ itemIds, duplicates: rule });
    const [first, second] = await encode([
      { history: ["a", "b", "c", "a", "a"], weights: [0.1, 0.2, 0.3, 0.4, 1e6] },
      { history: ["c", "a", "a", "b", "a"], weights: [0.3, 1e6, 0.1, 0.2, 0.4] },
    ]);
    expect(second!.weights).toEqual(first!.weights);
  });
});

describe("what may come back", () => {
  test("hides the history and what is excluded, not what is unknown", async () => {
    const encode = await createEncoder({ itemIds });
    const [row] = await encode([{ history: ["b", "nope"], exclude: ["c", "nix"] }]);
    expect(row).toMatchObject({ hidden: new Set([1, 2]), unknown: 1 });
  });

  test("hides only what is excluded where repeats are kept", async () => {
    const encode = await createEncoder({ itemIds, repeats: "keep" });
    const [row] = await encode([{ history: ["b", "a"], exclude: ["c"] }]);
    expect(row!.hidden).toEqual(new Set([2]));
  });

  test("tells a row that restricts nothing from one that names only unknown ids", async () => {
    const encode = await createEncoder({ itemIds });
    const [none, padding, unknown, some] = await encode([
      { history: [] },
      { history: [], allow: [""] },
      { history: [], allow: ["nope"] },
      { history: [], allow: ["c", "nope", "a", "c"] },
    ]);
    expect(none).toMatchObject({ restricts: false, allowed: new Set() });
    expect(padding).toMatchObject({ restricts: false, allowed: new Set() });
    expect(unknown).toMatchObject({ restricts: true, allowed: new Set() });
    expect(some).toMatchObject({ restricts: true, allowed: new Set([0, 2]) });
  });
});

describe("order", () => {
  test("keeps repeats and order; what does not count is in front", async () => {
    const encode = await createEncoder({ itemIds });
    const [row, short] = await encode([
      { history: ["c", "nope", "a", "c", "", "b"], weights: [1, 1, 2, 3, 1, 0] },
      { history: ["b"] },
    ]);
    expect(row!.ordered.map(([item, weight]) => [item, weight])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
      [2, 1],
      [0, 2],
      [2, 3],
    ]);
    expect(short!.ordered.at(-1)).toEqual([1, 1, 0]);
    expect(short!.ordered.slice(0, -1).every(([item, weight]) => item === 0 && weight === 0)).toBe(true);
  });

  test("ages count from the newest entry that counts, exact to the second and below", async () => {
    const encode = await createEncoder({ itemIds });
    const now = 1_753_000_000;
    const [row] = await encode([
      {
        history: ["a", "b", "nope", "c", "a"],
        times: [now - 100_000_000, now - 1, now + 500, now, now - 0.5],
      },
    ]);
    expect(row!.ordered.map(([, , age]) => age)).toEqual([0, 0, 100_000_000, 1, 0, 0.5]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 * maxTimeSeconds])(
    "an entry whose time is %s has age 0 and dates nothing else",
    async (time) => {
      const encode = await createEncoder({ itemIds });
      const [row, alone] = await encode([
        { history: ["a", "b", "c"], times: [10, time, 30] },
        { history: ["a"], times: [time] },
      ]);
      expect(row!.ordered.map(([, , age]) => age)).toEqual([0, 20, 0, 0]);
      expect(alone!.ordered.at(-1)).toEqual([0, 1, 0]);
    },
  );

  test("has no ages where only order is asked for, and no order where nothing is", async () => {
    const rows = [{ history: ["a", "b"], times: [1, 9] }];
    const [ordered] = await (await createEncoder({ itemIds, needs: ["order"] }))(rows);
    expect(ordered!.ordered).toEqual([
      [0, 0, 0],
      [0, 1, 0],
      [1, 1, 0],
    ]);
    const [bag] = await (await createEncoder({ itemIds, needs: [] }))(rows);
    expect(bag!.ordered).toEqual([]);
  });
});

/** The distinct view by the words of the rules, one entry at a time. */
function combine({ history, weights = [] }: EncoderRow, rule: DuplicateRule): Record<number, number> {
  const combined: Record<number, number> = {};
  history.forEach((id, at) => {
    const item = itemIds.indexOf(id);
    const weight = weights[at]!;
    if (item < 0 || !(weight > 0)) return;
    const before = combined[item];
    combined[item] =
      before === undefined || rule === "last"
        ? weight
        : rule === "sum"
          ? before + weight
          : Math.max(before, weight);
  });
  return combined;
}

// Weights are multiples of 1/4: sums are exact in float32.
const arbitraryRow: fc.Arbitrary<EncoderRow> = fc
  .array(
    fc.record({
      id: fc.constantFrom(...itemIds, "nope", ""),
      weight: fc.constantFrom(0, 0.25, 0.5, 1, 3),
      time: fc.constantFrom(1e9, 1e9 + 1, 5, Number.NaN),
    }),
    { maxLength: 14 },
  )
  .chain((entries) =>
    fc.record({
      history: fc.constant(entries.map(({ id }) => id)),
      weights: fc.constant(entries.map(({ weight }) => weight)),
      times: fc.constant(entries.map(({ time }) => time)),
      exclude: fc.array(fc.constantFrom("a", "b", "nope"), { maxLength: 3 }),
      allow: fc.array(fc.constantFrom("a", "c", "nope", ""), { maxLength: 3 }),
    }),
  );

describe.each(duplicateRules)("any batch, %s", (duplicates) => {
  test("a row is combined by the rule, whatever stands beside it", async () => {
    const encode = await createEncoder({ itemIds, duplicates });
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryRow, { minLength: 1, maxLength: 5 }), async (rows) => {
        const together = await encode(rows);
        for (const [at, row] of rows.entries()) {
          const { ordered, indexes: _, ...rest } = together[at]!;
          const [alone] = await encode([row]);
          const { ordered: orderedAlone, indexes: __, ...restAlone } = alone!;
          expect(rest.weights).toEqual(combine(row, duplicates));
          expect(rest).toEqual(restAlone);
          // A longer batch only has more in front.
          const extra = ordered.length - orderedAlone.length;
          expect(ordered.slice(extra)).toEqual(orderedAlone);
          expect(ordered.slice(0, extra).every((entry) => entry.join() === "0,0,0")).toBe(true);
        }
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});

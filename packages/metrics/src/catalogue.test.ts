import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCatalogueMeter, markHeadItems, selfInformation } from "./catalogue.ts";

const counts = fc
  .array(fc.nat(20), { minLength: 1, maxLength: 30 })
  .filter((values) => values.some((value) => value > 0))
  .map((values) => Int32Array.from(values));

describe("selfInformation", () => {
  test("is −log2 of the share of events; items never seen count as seen once", () => {
    expect([...selfInformation(Int32Array.of(8, 4, 2, 1, 1, 0))]).toEqual([1, 2, 3, 4, 4, 4]);
  });
});

describe("markHeadItems", () => {
  test("takes the most frequent items until they hold the share", () => {
    // 16 events, 80 % are 12.8: 8 + 4 are not enough, 8 + 4 + 2 are.
    expect([...markHeadItems(Int32Array.of(2, 8, 1, 4, 1))]).toEqual([1, 1, 0, 1, 0]);
  });

  test("stops exactly at the share, and breaks ties by index", () => {
    expect([...markHeadItems(Int32Array.of(1, 1, 1, 1), 0.5)]).toEqual([1, 1, 0, 0]);
  });

  test("leaves items without events out, even for the whole share", () => {
    expect([...markHeadItems(Int32Array.of(0, 3, 0, 1), 1)]).toEqual([0, 1, 0, 1]);
  });

  test("holds the share and would not without its rarest item", () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0.01, max: 1, noNaN: true }), (trainCounts, share) => {
        const head = markHeadItems(trainCounts, share);
        const held = trainCounts.filter((_, item) => head[item] === 1);
        const total = trainCounts.reduce((sum, count) => sum + count, 0);
        const sum = held.reduce((all, count) => all + count, 0);
        expect(sum).toBeGreaterThanOrEqual(total * share);
        expect(sum - Math.min(...held)).toBeLessThan(total * share);
        const tail = trainCounts.filter((_, item) => head[item] === 0);
        expect(Math.min(...held)).toBeGreaterThanOrEqual(Math.max(0, ...tail));
      }),
    );
  });

  test.each([0, -0.1, 1.1, Number.NaN])("refuses a share of %s", (share) => {
    const attempt = () => markHeadItems(Int32Array.of(1), share);
    expect(attempt).toThrow(expect.objectContaining({ code: "METRICS_ARGUMENT" }));
  });

  test.each([
    ["none", Int32Array.of(0, 0)],
    ["negative", Int32Array.of(1, -1)],
    ["broken", Float64Array.of(1, 0.5)],
  ])("refuses counts that are %s", (_, trainCounts) => {
    const attempt = () => markHeadItems(trainCounts);
    expect(attempt).toThrow(expect.objectContaining({ code: "METRICS_ARGUMENT" }));
  });
});

describe("createCatalogueMeter", () => {
  test("coverage counts items shown to anybody, novelty weighs them by how often they are shown", () => {
    const meter = createCatalogueMeter([1, 3], selfInformation(Int32Array.of(8, 4, 2, 1, 1)));
    meter.add(Int32Array.of(0, 1, 2, 3));
    meter.add(Int32Array.of(0, 3));
    // @1: item 0 twice, 1 bit each. @3: items 0, 1, 2 and 0, 3: 1 + 2 + 3 + 1 + 4 bits in five places.
    expect(meter.result()).toEqual({
      "coverage@1": 1 / 5,
      "coverage@3": 4 / 5,
      "novelty@1": 1,
      "novelty@3": 11 / 5,
    });
  });

  test("is 0 before the first list", () => {
    const meter = createCatalogueMeter([2], selfInformation(Int32Array.of(1, 1)));
    expect(meter.result()).toEqual({ "coverage@2": 0, "novelty@2": 0 });
  });
});

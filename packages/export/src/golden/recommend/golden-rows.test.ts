import { parseGoldenFile } from "@attune/contracts/manifest";
import { describe, expect, test } from "vitest";
import { exportInput } from "../fixtures/export-input.ts";
import { itemIdsOf, neighbourModel, popularityOf } from "../fixtures/models.ts";
import { createGoldenRows, type GoldenInput } from "./golden-rows.ts";
import { createReference } from "./reference.ts";

const limits = { maxK: 1000, maxHistory: 1000, maxExclude: 10_000 };

function goldenInput(more: Partial<GoldenInput> = {}): GoldenInput {
  return { ...exportInput("unused"), limits, seed: 42, count: 32, ...more };
}

describe("createGoldenRows", () => {
  const golden = createGoldenRows(goldenInput());
  const row = (name: string) => golden.rows.find((one) => one.name === name)!;

  test("holds edge rows and real histories, as the schema says", () => {
    expect(parseGoldenFile(JSON.parse(JSON.stringify(golden)), "golden.json")).toEqual(golden);
    expect(golden.rows).toHaveLength(32);
    expect(new Set(golden.rows.map((one) => one.name)).size).toBeGreaterThanOrEqual(13);
    expect(golden.rows.filter((one) => one.name === "user").length).toBeGreaterThan(15);
  });

  test("each edge row is what its name says", () => {
    expect(row("empty")).toMatchObject({ history: [], expected: { source: "fallback", unknown: 0 } });
    expect(row("unknown-ids").expected).toMatchObject({ source: "fallback" });
    expect(row("unknown-ids").expected.unknown).toBe(row("unknown-ids").history.length);
    expect(row("unknown-among-known").expected.source).toBe("model");
    expect(row("unknown-among-known").expected.unknown).toBeGreaterThan(0);
    expect(new Set(row("repeats").history).size).toBeLessThan(row("repeats").history.length);
    expect(row("short-list").expected.items.length).toBe(3);
    expect(row("k-1").expected.items).toHaveLength(1);
    expect(row("k-max").k).toBeGreaterThan(48);
    expect(row("k-max").expected.items.length).toBeLessThan(48);
    expect(row("long-history").history).toHaveLength(limits.maxHistory);
    expect(row("odd-ids").history.join("")).toMatch(/[^\x20-\x7e]/);
  });

  test("hidden items never come back", () => {
    for (const { history, exclude, expected } of golden.rows) {
      const hidden = new Set([...history, ...exclude]);
      expect(expected.items.filter((id) => hidden.has(id))).toEqual([]);
    }
  });

  test("the seed decides the rows", () => {
    expect(createGoldenRows(goldenInput())).toEqual(golden);
    expect(createGoldenRows(goldenInput({ seed: 43 }))).not.toEqual(golden);
  });

  test.each([1, 2])("works for a catalogue of %i items and the tightest limits", (items) => {
    const small = createGoldenRows(
      goldenInput({
        model: neighbourModel({ items }),
        popularity: popularityOf(items),
        itemIds: itemIdsOf(items),
        histories: [{ ids: ["item-0"], weights: [1] }],
        limits: { maxK: 1, maxHistory: 1, maxExclude: 1 },
      }),
    );
    for (const { history, weights, exclude, k } of small.rows) {
      expect(history.length).toBeLessThanOrEqual(1);
      expect(weights).toHaveLength(history.length);
      expect(exclude.length).toBeLessThanOrEqual(1);
      expect(k).toBe(1);
    }
  });

  test("long user histories keep their newest entries", () => {
    const ids = itemIdsOf(48);
    const { rows } = createGoldenRows(
      goldenInput({
        histories: [{ ids, weights: ids.map((_, at) => at + 1) }],
        limits: { ...limits, maxHistory: 3 },
      }),
    );
    expect(rows.find((one) => one.name === "user")).toMatchObject({
      history: ids.slice(-3),
      weights: [46, 47, 48],
    });
  });
});

describe("createReference", () => {
  test("ranks by score, then by index, and counts repeats by their largest weight", () => {
    const itemIds = ["a", "b", "c", "d"];
    const seen: [number[], number[]][] = [];
    const model = {
      ...neighbourModel({ items: 4 }),
      score(items: Int32Array, weights: Float32Array) {
        seen.push([Array.from(items), Array.from(weights)]);
        return Float32Array.of(1, 2, 2, 3);
      },
    };
    const reference = createReference({ model, popularity: Float32Array.of(4, 4, 9, 1), itemIds });
    const request = { history: ["d", "a", "d", "x"], weights: [1, 0, 3, 1], exclude: [], k: 5 };
    expect(reference(request)).toEqual({ items: ["b", "c"], scores: [2, 2], source: "model", unknown: 1 });
    expect(seen).toEqual([[[3], [3]]]);
    expect(reference({ ...request, history: [], weights: [] })).toMatchObject({
      items: ["c", "a", "b", "d"],
      source: "fallback",
    });
  });
});

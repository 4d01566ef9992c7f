import type { Table } from "@attune/contracts";
import { parseGoldenFile } from "@attune/contracts/manifest";
import type { HistoryNeed, ScoreContext } from "@attune/features";
import { describe, expect, test } from "vitest";
import { eventsOf, exportInput } from "../../fixtures/export-input.ts";
import { itemIdsOf, neighbourModel, popularityOf } from "../../fixtures/models.ts";
import { sequenceModel } from "../../fixtures/sequence-model.ts";
import { createGoldenRows, type GoldenInput } from "./golden-rows.ts";
import { createReference } from "./reference.ts";

const limits = { maxK: 1000, maxHistory: 1000, maxExclude: 10_000, maxAllow: 10_000 };

/** All of one country, of many ages; two columns that the model reads are not there. */
function userFeatures(rowCount: number): Table {
  return {
    rowCount,
    columns: [
      { name: "country", kind: "category", codes: new Int32Array(rowCount), levels: ["cz", "日本"] },
      { name: "age", kind: "number", data: Float64Array.from({ length: rowCount }, (_, user) => 18 + user) },
    ],
  };
}

function goldenInput(more: Partial<GoldenInput> = {}): GoldenInput {
  return {
    ...exportInput("unused"),
    duplicates: "last",
    repeats: "drop",
    limits,
    seed: 42,
    count: 40,
    ...more,
  };
}

describe("createGoldenRows", () => {
  const golden = createGoldenRows(goldenInput());
  const row = (name: string) => golden.rows.find((one) => one.name === name)!;

  test("holds edge rows and made-up histories, as the schema says", () => {
    expect(parseGoldenFile(JSON.parse(JSON.stringify(golden)), "golden.json")).toEqual(golden);
    expect(golden.rows).toHaveLength(40);
    expect(new Set(golden.rows.map((one) => one.name)).size).toBeGreaterThanOrEqual(21);
    expect(golden.rows.filter((one) => one.name === "made-up").length).toBeGreaterThan(15);
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
    expect(row("repeats-reversed").history).toEqual(row("repeats").history.toReversed());
    expect(row("allow").expected.items.every((id) => row("allow").allow.includes(id))).toBe(true);
    expect(row("allow").expected.items.length).toBeGreaterThan(0);
    expect(row("allow-empty-history").expected.source).toBe("fallback");
    expect(row("allow-unknown-only").expected.items).toEqual([]);
    expect(row("allow-history").expected.items).toEqual([]);
    const both = row("allow-with-exclude");
    expect(both.allow.some((id) => both.exclude.includes(id))).toBe(true);
    expect(golden.rows.some(({ times, features }) => times !== undefined || features !== undefined)).toBe(
      false,
    );
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
        people: { events: eventsOf(items) },
        limits: { maxK: 1, maxHistory: 1, maxExclude: 1, maxAllow: 1 },
      }),
    );
    for (const { history, weights, exclude, allow, k } of small.rows) {
      expect(allow.length).toBeLessThanOrEqual(1);
      expect(history.length).toBeLessThanOrEqual(1);
      expect(weights).toHaveLength(history.length);
      expect(exclude.length).toBeLessThanOrEqual(1);
      expect(k).toBe(1);
    }
  });

  test("rows of a model that reads time and columns have both, by kind", () => {
    const input = goldenInput({
      model: sequenceModel(48),
      people: { events: eventsOf(48), userFeatures: userFeatures(70) },
    });
    const { rows } = createGoldenRows(input);
    const file = JSON.parse(JSON.stringify({ ...golden, rows }));
    expect(parseGoldenFile(file, "golden.json")).toEqual(file);
    const named = (name: string) => rows.find((one) => one.name === name)!;
    const { times, history, features } = named("made-up");
    expect(times).toHaveLength(history.length);
    expect(times).toEqual(times!.toSorted((a, b) => a - b));
    expect(features).toMatchObject({ country: "cz", interests: null, query: null });
    expect(named("times-equal").expected).not.toEqual(named("times-years").expected);
    expect(named("features-missing").features).toMatchObject({ age: null, interests: null });
    expect(named("features-unknown").features).toMatchObject({ interests: [expect.any(String)] });
    for (const row of rows) expect([undefined, row.history.length]).toContain(row.times?.length);
  });

  test.each(["last", "highest", "sum"] as const)("repeats weigh by the rule %s", (duplicates) => {
    const { rows } = createGoldenRows(goldenInput({ duplicates }));
    const others = (["last", "highest", "sum"] as const).filter((rule) => rule !== duplicates);
    const own = rows.find(({ name }) => name === "repeats")!.expected;
    for (const other of others) {
      const { rows: rest } = createGoldenRows(goldenInput({ duplicates: other }));
      expect(rest.find(({ name }) => name === "repeats")!.expected).not.toEqual(own);
    }
  });
});

describe("createReference", () => {
  const itemIds = ["a", "b", "c", "d"];
  const popularity = Float32Array.of(4, 4, 9, 1);

  /** A model that says what it was asked. */
  function listening(needs: readonly HistoryNeed[] = []) {
    const asked: unknown[] = [];
    const model = neighbourModel({ items: 4 });
    return {
      asked,
      model: {
        ...model,
        fragment: { ...model.fragment, needs },
        score(items: Int32Array, weights: Float32Array, context?: ScoreContext) {
          const { ordered } = context ?? {};
          asked.push([[...items], [...weights], ...(ordered ? [[...ordered.items], [...ordered.ages]] : [])]);
          return Float32Array.of(1, 2, 2, 3);
        },
      },
    };
  }

  const request = {
    history: ["d", "a", "d", "x", "d"],
    weights: [1, 0, 3, 1, 2],
    exclude: [],
    allow: [],
    k: 5,
  };

  test.each([
    ["last", 2],
    ["highest", 3],
    ["sum", 6],
  ] as const)("ranks by score, then by index; repeats weigh by the rule %s", (duplicates, weight) => {
    const { model, asked } = listening();
    const reference = createReference({ model, popularity, itemIds, duplicates, repeats: "drop" });
    expect(reference(request)).toEqual({ items: ["b", "c"], scores: [2, 2], source: "model", unknown: 1 });
    expect(asked).toEqual([[[3], [weight]]]);
    expect(reference({ ...request, history: [], weights: [] })).toMatchObject({
      items: ["c", "a", "b", "d"],
      source: "fallback",
    });
  });

  test("keeps order and counts ages from the newest time", () => {
    const { model, asked } = listening(["time"]);
    const reference = createReference({ model, popularity, itemIds, duplicates: "sum", repeats: "keep" });
    const times = [100, 500, 160, 400, Number.NaN];
    expect(reference({ ...request, times }).items).toEqual(["d", "b", "c", "a"]);
    // "a" does not count, "x" is unknown: neither is an entry, nor is its time the newest.
    expect(asked).toEqual([[[3], [6], [3, 3, 3], [60, 0, 0]]]);
  });

  test("allow restricts, exclude wins", () => {
    const { model } = listening();
    const reference = createReference({ model, popularity, itemIds, duplicates: "last", repeats: "keep" });
    const ask = (allow: string[], exclude: string[] = []) => reference({ ...request, allow, exclude }).items;
    expect(ask(["a", "c", "zz"])).toEqual(["c", "a"]);
    expect(ask(["a", "c"], ["c"])).toEqual(["a"]);
    expect(ask(["zz"])).toEqual([]);
    expect(ask([""])).toEqual(["d", "b", "c", "a"]);
  });
});

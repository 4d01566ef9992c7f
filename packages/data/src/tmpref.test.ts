import { isAttuneError } from "@attune/contracts";
import { type DataConfig, dataConfig } from "@attune/contracts/config";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadDataset } from "./load.ts";
import { type NaiveResult, type NaiveRow, prepareNaively } from "./testing/naive-prepare.ts";
import { createProject, formatCsv } from "./testing/project.ts";

const row: fc.Arbitrary<NaiveRow> = fc.record({
  user: fc.constantFrom("u1", "u2", "Zoë", "007", "7", "", "名前", "a,b"),
  item: fc.constantFrom("i1", "i2", "i3", "I1", "1", "01", "é", ""),
  rating: fc.constantFrom(-1, 0, 0.5, 1, 2.5, 3, 4, 5),
  time: fc.integer({ min: 0, max: 60 }),
  type: fc.constantFrom("view", "buy", "skip"),
});

const options = fc.record({
  rows: fc.array(row, { minLength: 20, maxLength: 120, size: "max" }),
  seed: fc.integer({ min: 0, max: 99 }),
  minRating: fc.option(fc.constantFrom(-1, 1, 2.5), { nil: undefined }),
  weightByRating: fc.boolean(),
  halfLifeDays: fc.option(fc.constantFrom(0.0001, 0.5, 30), { nil: undefined }),
  eventWeights: fc.option(fc.constant({ view: 0.1, buy: 2, skip: 0 }), { nil: undefined }),
  minUserEvents: fc.integer({ min: 1, max: 4 }),
  minItemEvents: fc.integer({ min: 1, max: 4 }),
  hasTime: fc.boolean(),
});

const splits = [
  { kind: "global-time", validation: 0.2, test: 0.25 },
  { kind: "leave-last-out", validation: 1, test: 2 },
  { kind: "random", validation: 0.3, test: 0.3 },
  { kind: "by-user", validation: 0.4, test: 0.3, foldIn: 0.6 },
] as const;

/** Absent rules are left out: the schema takes no explicit `undefined` from a config file either. */
const present = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));

function configOf(
  { hasTime, minRating, weightByRating, halfLifeDays, eventWeights, minUserEvents, minItemEvents }: Case,
  duplicates: string,
  split: (typeof splits)[number],
): DataConfig {
  const needsTime = hasTime || split.kind === "global-time";
  return dataConfig.parse({
    events: {
      path: "events.csv",
      columns: present({
        user: "user",
        item: "item",
        rating: "rating",
        time: needsTime ? "time" : undefined,
        type: eventWeights ? "type" : undefined,
      }),
    },
    rules: present({
      duplicates,
      minRating,
      weightByRating,
      halfLifeDays: needsTime ? halfLifeDays : undefined,
      eventWeights,
      minUserEvents,
      minItemEvents,
    }),
    split,
  });
}

type Case = typeof options extends fc.Arbitrary<infer T> ? T : never;

async function prepareForReal(
  rows: readonly NaiveRow[],
  data: DataConfig,
  seed: number,
): Promise<NaiveResult> {
  const header = ["user", "item", "rating", "time", "type"] as const;
  const text = formatCsv(
    header,
    rows.map((entry) => header.map((column) => entry[column])),
  );
  using project = createProject({ "events.csv": text });
  try {
    const { dir, manifest } = await project.prepare(data, { seed });
    const { events, roles, userIds, itemIds } = await loadDataset(dir);
    const list = userIds.flatMap((user, u) =>
      Array.from({ length: events.offsets[u + 1]! - events.offsets[u]! }, (_, place) => {
        const at = events.offsets[u]! + place;
        const [item, weight, time] = [events.items[at]!, events.weights[at]!, events.times[at]!];
        return { user, item, weight, time, role: roles[at]! };
      }),
    );
    return { userIds, itemIds, events: list, rows: manifest.rules.map((rule) => rule.rowsAfter) };
  } catch (error) {
    if (isAttuneError(error)) return { error: error.code };
    throw error;
  }
}

describe.each(splits)("the dataset is that of plain loops, split $kind", (split) => {
  test.each(["last", "highest", "sum"])("duplicates %s", async (duplicates) => {
    let prepared = 0;
    await fc.assert(
      fc.asyncProperty(options, async (input) => {
        const data = configOf(input, duplicates, split);
        const expected = prepareNaively(input.rows, data, input.seed);
        const actual = await prepareForReal(input.rows, data, input.seed);
        if ("error" in expected || "error" in actual) {
          expect(actual).toEqual(expected);
          return;
        }
        prepared++;
        const withoutWeight = ({ weight: _, ...rest }: (typeof expected.events)[number]) => rest;
        expect(actual.userIds).toEqual(expected.userIds);
        expect(actual.itemIds).toEqual(expected.itemIds);
        expect(actual.rows).toEqual(expected.rows);
        expect(actual.events.map(withoutWeight)).toEqual(expected.events.map(withoutWeight));
        for (const [at, event] of actual.events.entries()) {
          // float32 has 24 bits; decayed weights stop at the smallest normal number.
          const wanted = Math.max(expected.events[at]!.weight, 2 ** -126);
          expect(event.weight).toBeGreaterThan(0);
          expect(Math.abs(event.weight / wanted - 1)).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 60 },
    );
    expect(prepared).toBe(-1);
  });
});

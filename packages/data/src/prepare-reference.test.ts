import { isAttuneError } from "@attune/contracts";
import type { RecommendDataConfig } from "@attune/contracts/config";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { loadDataset } from "./load.ts";
import { resolveSplit } from "./split/default-split.ts";
import { catalogueOf } from "./testing/catalogue-of.ts";
import { fuzz, fuzzTimeoutMs } from "./testing/fuzz.ts";
import type { NaiveRow } from "./testing/naive-event.ts";
import { type NaiveCatalogue, type NaiveResult, prepareNaively } from "./testing/naive-prepare.ts";
import { createProject, formatCsv, parseData } from "./testing/project.ts";

const usualRuns = 10;

vi.setConfig({ testTimeout: fuzzTimeoutMs(usualRuns) });

const row: fc.Arbitrary<NaiveRow> = fc.record({
  user: fc.constantFrom("u1", "u2", "u3", "u4", "u5", "Zoë", "007", "7", "", "名前", "a,b"),
  item: fc.constantFrom("i1", "i2", "i3", "I1", "1", "01", "é", ""),
  rating: fc.constantFrom(-1, 0, 0.5, 1, 2.5, 3, 4, 5),
  time: fc.integer({ min: 0, max: 60 }),
  type: fc.constantFrom("view", "buy", "skip"),
  role: fc.constantFrom("train", "train", "train", "validation", "test"),
});

const options = fc.record({
  rows: fc.array(row, { minLength: 40, maxLength: 140, size: "max" }),
  seed: fc.integer({ min: 0, max: 99 }),
  minRating: fc.option(fc.constantFrom(-1, 1, 2.5), { nil: undefined }),
  weightByRating: fc.boolean(),
  halfLifeDays: fc.option(fc.constantFrom(0.0001, 0.5, 30), { nil: undefined }),
  eventWeights: fc.option(fc.constant({ view: 0.1, buy: 2, skip: 0 }), { nil: undefined }),
  hasType: fc.boolean(),
  minUserEvents: fc.constantFrom(1, 1, 2, 3),
  minItemEvents: fc.constantFrom(1, 1, 2, 3),
  hasTime: fc.boolean(),
});

type Case = typeof options extends fc.Arbitrary<infer T> ? T : never;

const splits: readonly object[] = [
  { kind: "global-time", validation: 0.2, test: 0.25 },
  { kind: "global-time", validationFrom: "1970-01-01T00:00:25Z", testFrom: "1970-01-01T00:00:45Z" },
  { kind: "leave-last-out", validation: 1, test: 2 },
  { kind: "random", validation: 0.3, test: 0.3 },
  { kind: "by-user", validation: 0.25, test: 0.25, foldIn: 0.4 },
  { kind: "given", column: "role" },
  { kind: "given", column: "role", carve: 0.3 },
];

/** Absent rules are left out: the schema takes no explicit `undefined` from a config file either. */
const present = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));

function configOf(input: Case, repeats: string, split: object): RecommendDataConfig {
  const { hasTime, hasType, minRating, weightByRating, halfLifeDays, eventWeights } = input;
  const needsTime = hasTime || ("kind" in split && split.kind === "global-time");
  return parseData({
    events: {
      path: "events.csv",
      columns: present({
        user: "user",
        item: "item",
        rating: "rating",
        time: needsTime ? "time" : undefined,
        type: eventWeights || hasType ? "type" : undefined,
      }),
    },
    rules: present({
      repeats,
      minRating,
      weightByRating,
      halfLifeDays: needsTime ? halfLifeDays : undefined,
      eventWeights,
      minUserEvents: input.minUserEvents,
      minItemEvents: input.minItemEvents,
    }),
    split,
  });
}

/** A given split must not overlap: the first role of a pair stands, and with `carve` there is no validation. */
function withoutOverlaps(rows: readonly NaiveRow[], split: object): readonly NaiveRow[] {
  if (!("column" in split)) return rows;
  const roles = new Map<string, NaiveRow["role"]>();
  return rows.map((entry) => {
    const role = "carve" in split && entry.role === "validation" ? "test" : entry.role;
    const pair = JSON.stringify([entry.user, entry.item]);
    roles.set(pair, roles.get(pair) ?? role);
    return { ...entry, role: roles.get(pair)! };
  });
}

async function prepareForReal(
  rows: readonly NaiveRow[],
  data: RecommendDataConfig,
  seed: number,
): Promise<NaiveResult> {
  const header = ["user", "item", "rating", "time", "type", "role"] as const;
  const text = formatCsv(
    header,
    rows.map((entry) => header.map((column) => entry[column])),
  );
  using project = createProject({ "events.csv": text });
  try {
    const { dir, manifest } = await project.prepare(data, { seed });
    const { measured, released } = await loadDataset(dir);
    return {
      measured: catalogueOf(measured, measured.roles),
      released: catalogueOf(released),
      targets: manifest.targets,
      rows: manifest.rules.map((rule) => rule.rowsAfter),
    };
  } catch (error) {
    if (isAttuneError(error)) return { error: error.code };
    throw error;
  }
}

function expectSame(actual: NaiveCatalogue, expected: NaiveCatalogue): void {
  const withoutWeight = ({ weight: _, ...rest }: NaiveCatalogue["events"][number]) => rest;
  expect(actual.userIds).toEqual(expected.userIds);
  expect(actual.itemIds).toEqual(expected.itemIds);
  expect(actual.events.map(withoutWeight)).toEqual(expected.events.map(withoutWeight));
  for (const [at, event] of actual.events.entries()) {
    // float32 has 24 bits; weights are held to what a request may send.
    const wanted = Math.min(Math.max(expected.events[at]!.weight, 1e-15), 1e15);
    expect(Math.abs(event.weight / wanted - 1)).toBeLessThan(1e-6);
  }
}

describe.each(splits)("the dataset is that of plain loops, split %o", (split) => {
  test.each(["drop", "keep"])("repeats: %s", async (repeats) => {
    let prepared = 0;
    await fc.assert(
      fc.asyncProperty(options, async (input) => {
        const data = configOf(input, repeats, split);
        // Every eighth case keeps its overlaps, and is refused by both.
        const rows = input.seed % 8 === 0 ? input.rows : withoutOverlaps(input.rows, split);
        const expected = prepareNaively(rows, data, resolveSplit(data), input.seed);
        const actual = await prepareForReal(rows, data, input.seed);
        if ("error" in expected || "error" in actual) {
          expect(actual).toEqual(expected);
          return;
        }
        prepared++;
        expect(actual.rows).toEqual(expected.rows);
        expect(actual.targets).toEqual(expected.targets);
        expectSame(actual.measured, expected.measured);
        expectSame(actual.released, expected.released);
      }),
      fuzz(usualRuns),
    );
    // Most files are large enough for their rules; a comparison of refusals alone would prove little.
    expect(prepared).toBeGreaterThanOrEqual(fuzz(usualRuns).numRuns / 4);
  });
});

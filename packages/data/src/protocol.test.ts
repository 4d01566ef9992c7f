// The data protocol, one property per rule: what is held out shapes nothing that training sees.
import { isAttuneError, type RecommendDataset } from "@attune/contracts";
import type { SplitConfig } from "@attune/contracts/config";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { loadDataset } from "./load.ts";
import { fuzz, fuzzTimeoutMs } from "./testing/fuzz.ts";
import {
  type Change,
  changeHeld,
  changeSeeds,
  type HeldRow,
  heldRows,
  items,
  type TrainingView,
  users,
  viewTraining,
} from "./testing/held-out.ts";
import { assignNaively } from "./testing/naive-split.ts";
import { prepareInOldOrder } from "./testing/old-order.ts";
import { createProject, formatCsv, parseData } from "./testing/project.ts";

const usualRuns = 8;

vi.setConfig({ testTimeout: fuzzTimeoutMs(usualRuns) });

type Split = "validation" | "test";

interface Protocol {
  readonly name: string;
  readonly split: object;
  /** Changes that leave every row its role, by the split's definition. */
  readonly changes: readonly Change[];
  readonly hasTime?: boolean;
  /** Whether rows of users that the file has not may come. */
  readonly takesNewcomers?: boolean;
}

const protocols: readonly Protocol[] = [
  {
    name: "given",
    split: { kind: "given", column: "role" },
    changes: ["permute", "repeat", "add"],
    takesNewcomers: true,
  },
  {
    name: "given, without time",
    split: { kind: "given", column: "role" },
    changes: ["permute", "repeat", "add"],
    takesNewcomers: true,
    hasTime: false,
  },
  {
    name: "global-time at instants",
    split: { kind: "global-time", validationFrom: "1970-01-01T00:16:40Z", testFrom: "1970-01-01T00:33:20Z" },
    changes: ["permute", "repeat", "add"],
    takesNewcomers: true,
  },
  { name: "global-time", split: { kind: "global-time", validation: 0.2, test: 0.2 }, changes: ["permute"] },
  { name: "leave-last-out", split: { kind: "leave-last-out", validation: 2, test: 2 }, changes: ["permute"] },
  { name: "random", split: { kind: "random", validation: 0.2, test: 0.2 }, changes: ["repeat"] },
  {
    name: "by-user",
    split: { kind: "by-user", validation: 0.25, test: 0.25 },
    changes: ["permute", "repeat", "add"],
  },
];

const rules = fc.record({
  minUserEvents: fc.integer({ min: 1, max: 3 }),
  minItemEvents: fc.integer({ min: 1, max: 2 }),
  halfLifeDays: fc.constantFrom(0.001, 1),
});

const sideFile = (id: string, ids: readonly string[]) =>
  formatCsv(
    [id, "name", "kind", "tags"],
    ids.map((value, n) => [value, `The ${value}`, `kind ${n}`, `a|b${n}`]),
  );
const features = { kind: { kind: "category" }, tags: { kind: "set" } };

function configOf(
  { split, hasTime = true }: Protocol,
  { halfLifeDays, ...least }: object & { halfLifeDays?: number },
) {
  return parseData({
    events: {
      path: "events.csv",
      columns: { user: "user", item: "item", ...(hasTime && { time: "time" }) },
    },
    items: { path: "items.csv", columns: { item: "item", title: "name" }, features },
    users: { path: "users.csv", columns: { user: "user" }, features },
    // Without a time a pair in two roles cannot be told from an overlap, unless repeats are kept.
    rules: { ...least, ...(hasTime ? { halfLifeDays } : { repeats: "keep" }) },
    split,
  });
}

async function prepareRows(
  rows: readonly HeldRow[],
  data: object,
  seed = 1,
): Promise<RecommendDataset | undefined> {
  const columns = ["user", "item", "time", "role"] as const;
  using project = createProject({
    "events.csv": formatCsv(
      columns,
      rows.map((row) => columns.map((column) => row[column])),
    ),
    "items.csv": sideFile("item", [...items, "new"]),
    "users.csv": sideFile("user", [...users, "newcomer"]),
  });
  try {
    return await loadDataset((await project.prepare(data, { seed })).dir);
  } catch (error) {
    // A file too small for its rules has nothing to hold to a rule.
    if (isAttuneError(error, "DATA_SPLIT_EMPTY") || isAttuneError(error, "DATA_EMPTY")) return undefined;
    if (isAttuneError(error, "DATA_TOO_FEW_USERS") || isAttuneError(error, "DATA_GIVEN_SPLIT"))
      return undefined;
    throw error;
  }
}

/** Rows that a split holds out whole: with their user's history where whole users are. */
function findHeld(rows: readonly HeldRow[], split: SplitConfig, held: Split, seed: number): Set<HeldRow> {
  const events = rows.map((row, at) => ({ ...row, at, row: at + 1, type: "", rating: 1, weight: 1 }));
  const ordered = [...events].sort((a, b) => a.time - b.time);
  const roles = assignNaively(ordered, split, seed, { hasTime: true, keepsRepeats: true });
  const isHeld = (role: string | undefined) => role === held || role === `${held}History`;
  return new Set(events.filter((event) => isHeld(roles.get(event))).map(({ at }) => rows[at]!));
}

/**
 * A change of held-out rows must not change the view. One checker for our preparation and for one that leaks.
 *
 * @param prepare - undefined for rows that it refuses.
 */
function heldOutProperty(
  protocol: Protocol,
  held: Split,
  prepare: (
    rows: readonly HeldRow[],
    least: { minUserEvents: number; minItemEvents: number },
    seed: number,
  ) => Promise<TrainingView | undefined>,
  seen: { compared: number } = { compared: 0 },
) {
  const seeds = fc.nat(20);
  return fc.asyncProperty(heldRows, rules, changeSeeds, seeds, async (rows, least, { draws, kind }, seed) => {
    const change = protocol.changes[kind % protocol.changes.length]!;
    const { split } = configOf(protocol, least);
    const heldSet = findHeld(rows, split!, held, seed);
    fc.pre(heldSet.size > 0);
    const before = await prepare(rows, least, seed);
    const newcomers = protocol.takesNewcomers ? ["newcomer"] : [];
    const after = await prepare(changeHeld(rows, heldSet, change, draws, newcomers), least, seed);
    if (before === undefined || after === undefined) return;
    seen.compared++;
    expect(after).toEqual(before);
  });
}

describe.each(protocols)("split $name", (protocol) => {
  test.each(["test", "validation"] as const)(
    "the %s rows change nothing that is seen before",
    async (held) => {
      const seen = { compared: 0 };
      const property = heldOutProperty(
        protocol,
        held,
        async (rows, least, seed) => {
          const dataset = await prepareRows(rows, configOf(protocol, least), seed);
          return dataset && viewTraining(dataset, held);
        },
        seen,
      );
      await fc.assert(property, fuzz(usualRuns));
      expect(seen.compared).toBeGreaterThanOrEqual(fuzz(usualRuns).numRuns / 4);
    },
  );
});

describe("a planted leak", () => {
  test("is found: one event per user and item before the split", async () => {
    const [given] = protocols;
    const property = heldOutProperty(given!, "test", async (rows) => prepareInOldOrder(rows, 1));

    expect((await fc.check(property, { numRuns: 30, seed: 7 })).failed).toBe(true);
  });

  test("is found: k-core that counts the rows of every role", async () => {
    const [given] = protocols;
    // Each row is of an item of its own, so that no repeat can be what is found.
    const property = heldOutProperty(given!, "test", async (rows) =>
      prepareInOldOrder(
        rows.map((row) => ({ ...row, item: `${row.item}-${row.time}` })),
        2,
      ),
    );
    const users = heldOutProperty(given!, "test", async (rows) => {
      const apart = rows.filter(
        (row, at) => rows.findIndex(({ item, user }) => item === row.item && user === row.user) === at,
      );
      return prepareInOldOrder(apart, 3);
    });

    expect((await fc.check(property, { numRuns: 5, seed: 7 })).failed).toBe(false);
    expect((await fc.check(users, { numRuns: 30, seed: 7 })).failed).toBe(true);
  });

  test("an item that occurs again in test stays in train", async () => {
    const grid = ["ann", "bob"].flatMap((user) =>
      items
        .slice(0, 3)
        .map((item): HeldRow => ({ user, item, time: user.length + items.indexOf(item), role: "train" })),
    );
    const rows: HeldRow[] = [
      ...grid,
      { user: "ann", item: "t", time: 1000, role: "validation" },
      { user: "ann", item: "w", time: 2000, role: "test" },
      { user: "ann", item: "q", time: 2001, role: "test" },
    ];
    const data = configOf(protocols[0]!, { minUserEvents: 1, minItemEvents: 1, halfLifeDays: 1 } as never);
    const dataset = await prepareRows(rows, data);

    expect(prepareInOldOrder(rows, 1).events.filter(([user]) => user === "ann")).toHaveLength(2);
    expect(viewTraining(dataset!, "validation").events.filter(([, user]) => user === "ann")).toHaveLength(3);
    expect(dataset!.manifest.targets.test).toEqual({ kept: 1, repeatsDropped: 1, outsideCatalogue: 1 });
  });
});

describe("the release", () => {
  const shuffled = fc.record({ rows: heldRows, roles: fc.nat(1000) });

  test("is the same whatever the roles were", async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(shuffled, rules, async ({ rows, roles }, least) => {
        const names = rows.map(({ role }) => role);
        const turned = rows.map((row, at) => ({ ...row, role: names[(at + roles) % names.length]! }));
        const data = configOf(protocols[0]!, least);
        const [one, other] = [await prepareRows(rows, data), await prepareRows(turned, data)];
        if (one === undefined || other === undefined) return;
        compared++;
        expect(other.released).toEqual(one.released);
        expect(other.manifest.itemFeatures).toEqual(one.manifest.itemFeatures);
      }),
      fuzz(usualRuns),
    );
    expect(compared).toBeGreaterThanOrEqual(fuzz(usualRuns).numRuns / 4);
  });

  test("holds every event that passes the rules, those of the newest items too", async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(heldRows, async (rows) => {
        const newest: HeldRow = { user: "ann", item: "new", time: 2900, role: "test" };
        const all = [...rows, newest];
        const least = { minUserEvents: 1, minItemEvents: 1, halfLifeDays: 1 };
        const dataset = await prepareRows(all, configOf(protocols[0]!, least as never));
        if (dataset === undefined) return;
        compared++;
        const { released, measured } = dataset;
        const held = released.userIds.flatMap((user, u) =>
          Array.from(
            released.events.items.subarray(released.events.offsets[u], released.events.offsets[u + 1]),
            (item, at) => {
              const time = released.events.times[released.events.offsets[u]! + at]! / 1000;
              return `${user} ${released.itemIds[item]} ${time}`;
            },
          ),
        );
        expect(held.sort()).toEqual(all.map(({ user, item, time }) => `${user} ${item} ${time}`).sort());
        expect(released.itemIds).toContain("new");
        expect(measured.itemIds).not.toContain("new");
      }),
      fuzz(usualRuns),
    );
    expect(compared).toBeGreaterThanOrEqual(fuzz(usualRuns).numRuns / 4);
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAttuneError } from "@attune/contracts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { duckdbEngine } from "../engine/duckdb/engine.ts";
import type { Engine } from "../engine/engine.ts";
import { readRows } from "../engine/rows.ts";
import { joinSql, sql, table } from "../sql/sql.ts";
import { keepCore } from "./k-core.ts";
import { RuleLog } from "./rule-log.ts";

let dir: string;
let engine: Engine;

beforeAll(async () => {
  dir = mkdtempSync(`${tmpdir()}/attune-core-`);
  engine = await duckdbEngine.open({ tempDir: dir, memoryLimitBytes: 5e8, threads: 1 });
});

afterAll(async () => {
  await engine.close();
  rmSync(dir, { recursive: true });
});

type Pair = readonly [user: number, item: number];

async function core(pairs: readonly Pair[], minUserEvents: number, minItemEvents: number) {
  const rows = pairs.map(([user, item]) => sql`select ${user} as user_code, ${item} as item_code`);
  await engine.materialize("pairs", joinSql(rows, " union all "));
  const log = new RuleLog(pairs.length, () => {});
  const rules = { minUserEvents, minItemEvents, duplicates: "last", weightByRating: false } as const;
  try {
    const name = await keepCore(engine, rules, log);
    const kept = await readRows(engine, sql`select user_code, item_code from ${table(name)} order by 1, 2`);
    await engine.discard(name);
    return { kept: kept.map(([user, item]): Pair => [Number(user), Number(item)]), log };
  } catch (error) {
    if (isAttuneError(error, "DATA_EMPTY")) return { kept: [], log };
    throw error;
  }
}

const enough = (pairs: readonly Pair[], minUser: number, minItem: number) =>
  pairs.every(
    ([user, item]) =>
      pairs.filter((pair) => pair[0] === user).length >= minUser &&
      pairs.filter((pair) => pair[1] === item).length >= minItem,
  );

test("is a fixpoint, and no larger set is one", async () => {
  const pair = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }));
  const pairs = fc.uniqueArray(pair, { minLength: 1, maxLength: 11, selector: ([u, i]) => u * 10 + i });
  const least = fc.integer({ min: 1, max: 3 });
  await fc.assert(
    fc.asyncProperty(pairs, least, least, async (all, minUser, minItem) => {
      const { kept } = await core(all, minUser, minItem);

      expect(enough(kept, minUser, minItem)).toBe(true);
      // Every subset that is a fixpoint lies within the result.
      for (let bits = 1; bits < 2 ** all.length; bits++) {
        const subset = all.filter((_, n) => (bits >> n) & 1);
        if (!enough(subset, minUser, minItem)) continue;
        for (const [user, item] of subset) {
          if (!kept.some((entry) => entry[0] === user && entry[1] === item)) {
            expect.fail(`${user}, ${item} belongs to a fixpoint and was dropped`);
          }
        }
      }
    }),
    { numRuns: 40 },
  );
});

test("follows a chain to its end and counts the rounds", async () => {
  // Each drop makes the next user or item rare: 1 → a → 2 → b → …
  const chain: Pair[] = Array.from({ length: 8 }, (_, n) => [Math.floor((n + 1) / 2), Math.floor(n / 2)]);
  const square: Pair[] = [
    [10, 10],
    [10, 11],
    [11, 10],
    [11, 11],
  ];
  const { kept, log } = await core([...chain, ...square], 2, 2);

  expect(kept).toEqual(square);
  expect(log.reports).toEqual([
    {
      rule: "k-core",
      rowsBefore: 12,
      rowsAfter: 4,
      note: expect.stringMatching(/^users 2, items 2, \d rounds$/),
    },
  ]);
});

test("changes nothing, and reports nothing, when one event is enough", async () => {
  const { kept, log } = await core([[1, 1]], 1, 1);

  expect(kept).toEqual([[1, 1]]);
  expect(log.reports).toEqual([]);
});

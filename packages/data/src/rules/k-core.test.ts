import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { duckdbEngine } from "../engine/duckdb/engine.ts";
import type { Engine } from "../engine/engine.ts";
import { readRows } from "../engine/rows.ts";
import { joinSql, sql, table } from "../sql/sql.ts";
import { keepCore } from "./k-core.ts";

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
  const events = sql`(${joinSql(rows, " union all ")})`;
  const { table: name, rounds } = await keepCore(engine, "test", events, { minUserEvents, minItemEvents });
  const kept = await readRows(engine, sql`select user_code, item_code from ${table(name)} order by 1, 2`);
  await engine.discard(name);
  return { kept: kept.map(([user, item]): Pair => [Number(user), Number(item)]), rounds };
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
  const { kept, rounds } = await core([...chain, ...square], 2, 2);

  expect(kept).toEqual(square);
  expect(rounds).toBeGreaterThan(2);
});

test("changes nothing, in no round, when one is enough", async () => {
  expect(await core([[1, 1]], 1, 1)).toEqual({ kept: [[1, 1]], rounds: 0 });
});

test("counts different items and users: a pair that comes again adds nothing", async () => {
  const again: Pair[] = [
    [1, 1],
    [1, 1],
    [2, 1],
    [2, 2],
    [3, 1],
    [3, 2],
  ];

  expect((await core(again, 2, 2)).kept).toEqual([
    [2, 1],
    [2, 2],
    [3, 1],
    [3, 2],
  ]);
});

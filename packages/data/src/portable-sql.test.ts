import { describe, expect, test } from "vitest";
import { duckdbEngine } from "./engine/duckdb/engine.ts";
import { loadDataset } from "./load.ts";
import type { Sql } from "./sql/sql.ts";
import { createProject, formatCsv, gridConfig } from "./testing/project.ts";
import { recordEngine } from "./testing/record-engine.ts";

/** Words that DuckDB and Spark do not both understand, or understand differently. */
const forbidden: readonly (readonly [string, RegExp])[] = [
  ["QUALIFY", /\bqualify\b/i],
  ["::", /::/],
  ["list functions", /\b(list|collect_list|array_agg|unnest|explode)\s*\(/i],
  ["the engine's own hash", /\b(hash|xxhash64|md5)\s*\(/i],
  ["integer division", /\/\/|\bdiv\b/i],
  ["LEFT SEMI", /\b(left\s+semi|semi\s+join|anti\s+join)\b/i],
  ["sampling", /\b(using\s+sample|tablesample|reservoir|bernoulli)\b/i],
  ["quoted names", /["`]/],
  ["indexing", /\[/],
  ["median and approximations", /\b(median|approx_\w+|percentile\w*|quantile\w*)\b/i],
  ["ASOF", /\basof\b/i],
  ["regular expressions", /\b(regexp_\w+|rlike|similar\s+to)\b/i],
  ["time functions", /\b(epoch\w*|date_trunc|unix_timestamp|strftime|timestamp)\b/i],
  ["the engine's files", /\b(read_csv|read_json|read_parquet|read_ndjson\w*|copy)\b/i],
  ["types with other names", /\b(varchar|string|hugeint|text)\b/i],
  ["try_cast", /\btry_cast\b/i],
  ["EXCLUDE and star tricks", /\b(exclude|replace)\s*\(/i],
  ["LIMIT with percent, FROM first", /^\s*from\b|limit\s+\d+\s*%/i],
];

const share = { validation: 0.3, test: 0.3 };
const splits = [
  { kind: "global-time", ...share },
  { kind: "leave-last-out" },
  { kind: "random", ...share },
  { kind: "by-user", ...share },
  { kind: "given", column: "role" },
  { kind: "given", testFile: "test.csv", carve: 0.3 },
];

async function runEverything(): Promise<Sql[]> {
  const queries: Sql[] = [];
  const engine = recordEngine(duckdbEngine, queries);
  const header = ["user", "item", "rating", "time", "type", "role"];
  const roleOf = (n: number) => (n % 4 < 2 ? "train" : n % 4 === 2 ? "validation" : "test");
  const rows = Array.from({ length: 120 }, (_, n) => [
    `u${n % 20}`,
    `i${(n * 7 + Math.floor(n / 20)) % 11}`,
    1 + (n % 5),
    n,
    "buy",
    roleOf(Math.floor(n / 5)),
  ]);
  using project = createProject({
    "events.csv": formatCsv(header, rows),
    "test.csv": formatCsv(header, [["u1", "new", 3, 900, "buy", "test"]]),
    "items.csv": "id,name,year of issue,tags\ni1,The 1,1999,a|b\n",
    "users.csv": "id,age\nu1,30\n",
    "unreadable.csv": "id,age\nu1,young\n",
    "bad.csv": formatCsv(header, [...rows.slice(1), ["u1", "i1", 1, "soon", "buy", "train"]]),
    "overlap.csv": formatCsv(header, [...rows, ["u0", "i0", 1, 0, "buy", "test"]]),
  });
  const { columns } = gridConfig.events;
  const ages = { columns: { user: "id" }, features: { age: { kind: "number" } } };
  for (const [index, split] of splits.entries()) {
    const data = {
      events: { path: "events.csv", columns: { ...columns, type: "type" } },
      items: {
        path: "items.csv",
        columns: { item: "id", title: "name" },
        show: ["year of issue"],
        features: { tags: { kind: "set" }, "year of issue": { kind: "number" } },
      },
      users: { path: "users.csv", ...ages },
      rules: {
        duplicates: ["last", "highest", "sum"][index % 3],
        repeats: ["drop", "keep"][index % 2],
        eventWeights: { buy: 0.5 },
        minRating: 0.5,
        weightByRating: true,
        minUserEvents: 2,
        minItemEvents: 2,
        halfLifeDays: 3,
      },
      split,
    };
    const { dir } = await project.prepare(data, { engine, seed: 8 });
    await loadDataset(dir, { engine });
    const fileOf = (path: string) => ({ ...data, events: { ...data.events, path } });
    await expect(project.prepare(fileOf("bad.csv"), { engine })).rejects.toMatchObject({
      code: "DATA_BAD_ROWS",
    });
    if (split.kind !== "given") continue;
    await expect(
      project.prepare({ ...data, users: { path: "unreadable.csv", ...ages } }, { engine }),
    ).rejects.toMatchObject({ code: "DATA_SIDE_TABLE" });
    if (split.column === undefined) continue;
    await expect(project.prepare(fileOf("overlap.csv"), { engine })).rejects.toMatchObject({
      code: "DATA_GIVEN_SPLIT",
    });
  }
  const untyped = { ...gridConfig, events: { path: "events.csv", columns: { user: "user", item: "item" } } };
  await loadDataset((await project.prepare(untyped, { engine })).dir, { engine });
  return queries;
}

describe("every query that is run is portable outside the dialect", async () => {
  const queries = await runEverything();
  const written = queries.map((query) =>
    query.chunks
      .map((chunk) => (chunk.origin === "template" ? chunk.text : " § "))
      .join("")
      // What stands in single quotes is data.
      .replace(/'[^']*'/g, "''"),
  );

  test("the run saw every kind of query", () => {
    for (const word of ["partition by", "group by", "having", "union all", "left join", "pow("]) {
      expect(written.some((text) => text.includes(word))).toBe(true);
    }
  });

  test.each(forbidden)("without %s", (_, pattern) => {
    expect(written.filter((text) => pattern.test(text))).toEqual([]);
  });

  test("a sum keeps a type that every engine has", () => {
    for (const text of written) {
      for (const [, before] of text.matchAll(/(.{0,5})\bsum\(/g)) expect(before).toMatch(/cast\($/);
    }
  });

  test("each numbering is over an order", () => {
    for (const text of written) {
      for (const [, over] of text.matchAll(/row_number\(\) over \(([^)]*)/g))
        expect(over).toMatch(/order by/);
    }
  });
});

import { describe, expect, test } from "vitest";
import { duckdbEngine } from "./engine/duckdb/engine.ts";
import { loadDataset } from "./load.ts";
import type { Sql } from "./sql/sql.ts";
import { createProject, gridConfig, gridCsv } from "./testing/project.ts";
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

const splits = ["global-time", "leave-last-out", "random", "by-user"];
const share = { validation: 0.3, test: 0.3 };

async function runEverything(): Promise<Sql[]> {
  const queries: Sql[] = [];
  const engine = recordEngine(duckdbEngine, queries);
  const typed = gridCsv
    .replace(/$/gm, ",buy")
    .replace("time,buy", "time,type")
    .trim()
    .replace(/\n,buy$/, "");
  using project = createProject({
    "events.csv": typed,
    "items.csv": "id,name,year of issue\nw,The W,1999\n",
    "bad.csv": typed.replace("100,buy", "soon,buy"),
  });
  const { columns } = gridConfig.events;
  for (const [index, kind] of splits.entries()) {
    const data = {
      events: { path: "events.csv", columns: { ...columns, type: "type" } },
      items: { path: "items.csv", columns: { item: "id", title: "name" }, extra: ["year of issue"] },
      rules: {
        duplicates: ["last", "highest", "sum", "last"][index],
        eventWeights: { buy: 0.5 },
        minRating: 0.5,
        weightByRating: true,
        minUserEvents: 2,
        minItemEvents: 2,
        halfLifeDays: 3,
      },
      split: kind === "leave-last-out" ? { kind } : { kind, ...share },
    };
    const { dir } = await project.prepare(data, { engine, seed: 8 });
    await loadDataset(dir, { engine });
    await expect(
      project.prepare({ ...data, events: { ...data.events, path: "bad.csv" } }, { engine }),
    ).rejects.toMatchObject({ code: "DATA_UNPARSABLE" });
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
    for (const word of ["partition by", "group by", "having", "union all", "left join", "decimal", "pow("]) {
      expect(written.some((text) => text.includes(word))).toBe(true);
    }
  });

  test.each(forbidden)("without %s", (_, pattern) => {
    expect(written.filter((text) => pattern.test(text))).toEqual([]);
  });

  test("sums and counts keep a type that every engine has", () => {
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

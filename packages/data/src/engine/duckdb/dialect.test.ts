import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sql, sql } from "../../sql/sql.ts";
import type { Column, Engine } from "../engine.ts";
import { readNumbers, readRows } from "../rows.ts";
import { duckdbDialect as dialect } from "./dialect.ts";
import { duckdbEngine } from "./engine.ts";

let dir: string;
let engine: Engine;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "attune-dialect-"));
  engine = await duckdbEngine.open({ tempDir: dir, memoryLimitBytes: 5e8 });
});

afterAll(async () => {
  await engine.close();
  rmSync(dir, { recursive: true, force: true });
});

const evaluate = async (expression: Sql) => (await readRows(engine, sql`select ${expression}`))[0]?.[0];

test("hashes as every other engine does", async () => {
  // The first 32 bits of md5("a"), as ClickHouse and DuckDB agree on.
  expect(await evaluate(dialect.hashBucket(dialect.text("a"), 2 ** 32))).toBe(214005177);

  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), async (key) => {
      const md5 = createHash("md5").update(key.replaceAll("\0", "")).digest("hex");
      const expected = Number.parseInt(md5.slice(0, 8), 16) % 10_000;
      expect(await evaluate(dialect.hashBucket(dialect.text(key.replaceAll("\0", "")), 10_000))).toBe(
        expected,
      );
    }),
    { numRuns: 20 },
  );
});

test.each(["\0", "a\0", "\0it's", "a\0\0b"])("a text literal holds U+0000: %j", async (text) => {
  expect(await evaluate(dialect.text(text))).toBe(text);
});

test.each([
  ["4", 4],
  ["-0.5", -0.5],
  ["1e3", 1000],
  [" 4 ", 4],
  ["", undefined],
  ["nan", undefined],
  ["NaN", undefined],
  ["inf", undefined],
  ["-Infinity", undefined],
  ["1e999", undefined],
  ["1_000", undefined],
  ["1,5", undefined],
  ["five", undefined],
  ["0x10", undefined],
])("number %j is %s", async (text, expected) => {
  expect(await evaluate(dialect.toNumber(dialect.text(text)))).toBe(expected);
});

test.each([
  ["2020-01-01", 1577836800000],
  ["2020-01-01T00:00:00Z", 1577836800000],
  ["2020-01-01 00:00:00", 1577836800000],
  ["2020-01-01T02:00:00.123+02:00", 1577836800123],
  ["1969-12-31T23:59:59.999Z", -1],
  ["2020-01-01T02:00:00+0200", 1577836800000],
  ["2020-01-01T02:00:00+02", 1577836800000],
  ["2020-01-01 05:30:00 +05:30", 1577836800000],
  ["2020-01-01 00:00:00 UTC", 1577836800000],
  ["2020-01-01T00:00:00UTC", 1577836800000],
  ["2020-01-01T00:00:00z", 1577836800000],
  ["2020-01-01 00:00:00.5 Z", 1577836800500],
  ["2020-01-01T00:00", 1577836800000],
  ["2020-01-01T00:00Z", 1577836800000],
  ["2020-01-01 01:00+01", 1577836800000],
  ["2019-12-31T22:30:00-0130", 1577836800000],
  ["2020-01-01T00:00:00.123456789Z", 1577836800123],
  ["2020-01-01 00:00:00 Europe/Berlin", undefined],
  ["2020-01-01 00:00:00 PST", undefined],
  ["2020-01-01T00:00:00+25:00", undefined],
  ["2020-01-01T00:00:00+2", undefined],
  ["2020-01-01T25:00:00Z", undefined],
  ["2020-01-01T00", undefined],
  ["2020-01-01 10:00 AM", undefined],
  ["01/02/2020", undefined],
  ["2020-02-30", undefined],
  ["0001-01-01 (BC)", undefined],
  ["2020-13-01", undefined],
  ["2020-01-01 soon", undefined],
  ["epoch", undefined],
  ["infinity", undefined],
  ["1577836800", undefined],
  ["", undefined],
])("time %j is %s", async (text, expected) => {
  expect(await evaluate(dialect.isoToEpochMs(dialect.text(text)))).toBe(expected);
});

test("a path is a path and not a pattern", async () => {
  for (const name of ["a*.csv", "ab.csv", "[a]?.csv", "it's.csv"]) {
    writeFileSync(join(dir, name), `name\n${name}\n`);
    const source = { format: "csv", path: join(dir, name), columnCount: 1, positions: [0] } as const;
    expect(await engine.importFile("named", source)).toBe(1);
    expect(await readRows(engine, sql`select c0 from named`)).toEqual([[name]]);
  }
});

test("orders text by its bytes", async () => {
  const texts = ["é", "z", "a", "Z", "10", "9", "名"];
  const values = texts.map((text) => sql`select ${dialect.text(text)} as v`);
  const query = values.reduce((all, next) => sql`${all} union all ${next}`);
  const rows = await readRows(engine, sql`select v from (${query}) t order by v asc`);

  expect(rows.map(([text]) => text)).toEqual(
    [...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
});

test("streams typed columns with their nulls, over several batches", async () => {
  const count = 5000;
  writeFileSync(join(dir, "n.csv"), `n\n${Array.from({ length: count }, (_, n) => n).join("\n")}\n`);
  await engine.importFile("n", { format: "csv", path: join(dir, "n.csv"), columnCount: 1, positions: [0] });
  const types: Column["type"][] = [];
  const seen: (number | undefined)[] = [];
  let batches = 0;
  for await (const batch of engine.stream(
    sql`select cast(n as tinyint), cast(n as int), cast(n as bigint), cast(n as float), v, cast(v as varchar)
      from (select row_id, row_id % 100 as n, cast(case when row_id % 3 = 0 then null else row_id end as double) as v from n) t
      order by row_id`,
  )) {
    batches++;
    types.splice(0, types.length, ...batch.columns.map((column) => column.type));
    const [column, text] = [batch.columns[4]!, batch.columns[5]!];
    if (column.type !== "float64" || text.type !== "text") throw new Error("wrong types");
    for (let row = 0; row < batch.rowCount; row++) {
      const isValid = column.validity === undefined || (column.validity[row >> 3]! >> (row & 7)) & 1;
      seen.push(isValid ? column.data[row] : undefined);
      expect(text.data[row] === undefined).toBe(!isValid);
    }
  }

  expect(batches).toBeGreaterThan(1);
  expect(types).toEqual(["int8", "int32", "int64", "float32", "float64", "text"]);
  expect(seen).toEqual(Array.from({ length: count }, (_, i) => ((i + 1) % 3 === 0 ? undefined : i + 1)));
});

test("a query that fails says so with the step", async () => {
  await expect(engine.materialize("broken", sql`select * from nowhere`)).rejects.toMatchObject({
    code: "DATA_ENGINE",
    details: { step: "building broken" },
  });
  await expect(readNumbers(engine, sql`select true`)).rejects.toMatchObject({ code: "DATA_ENGINE" });
});

test("loads no extension by itself", async () => {
  expect(
    await readRows(
      engine,
      sql`select name, value from duckdb_settings()
        where name in ('autoinstall_known_extensions', 'autoload_known_extensions') order by name`,
    ),
  ).toEqual([
    ["autoinstall_known_extensions", "false"],
    ["autoload_known_extensions", "false"],
  ]);
});

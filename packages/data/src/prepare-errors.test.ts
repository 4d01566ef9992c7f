import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parseProjectConfig } from "@attune/contracts/config";
import { describe, expect, test } from "vitest";
import { duckdbEngine } from "./engine/duckdb/engine.ts";
import { prepareDataset } from "./prepare.ts";
import { type BadInput, badSplits } from "./testing/bad-splits.ts";
import { createProject, gridConfig, gridCsv } from "./testing/project.ts";
import { redirectEngine } from "./testing/record-engine.ts";

const { columns } = gridConfig.events;
const header = "user,item,rating,time\n";
const latin1 = (text: string) => Buffer.from(text, "latin1");

const failures: readonly BadInput[] = [
  {
    name: "no such file",
    code: "DATA_FILE_NOT_FOUND",
    details: { role: "events" },
    says: /check the path: one on the command line .* one under `data` in the config/,
  },
  { name: "a folder", code: "FILE_READ", path: "sub", says: /it is a folder/ },
  {
    name: "no known extension",
    code: "DATA_FORMAT",
    path: "sub/events.xls",
    says: /one of these endings, or set `format`/,
  },
  { name: "0 bytes", code: "DATA_NO_ROWS", events: "" },
  { name: "only blanks and a byte order mark", code: "DATA_NO_ROWS", events: "\ufeff\r\n \n" },
  { name: "only a header", code: "DATA_NO_ROWS", events: header, says: /a header line alone/ },
  { name: "a file of one line", code: "DATA_NO_ROWS", events: header.trim() },
  {
    name: "no header",
    code: "DATA_NO_HEADER",
    events: "1,31,2.5,1260759144\n1,1029,3.0,1260759179\n",
    details: { expected: ["user", "item", "rating", "time"], firstLine: "1,31,2.5,1260759144" },
  },
  {
    name: "missing columns, all of them",
    code: "DATA_MISSING_COLUMN",
    events: "user,movie,stars,time\na,b,1,2\n",
    details: { missing: ["item", "rating"], found: ["user", "movie", "stars", "time"] },
  },
  {
    name: "column names in another case",
    code: "DATA_MISSING_COLUMN",
    events: gridCsv.replace("user", "User"),
    details: { missing: ["user"] },
  },
  {
    name: "a column twice",
    code: "DATA_MALFORMED",
    events: `user,${header.trim()}\na,a,b,1,2\n`,
    says: /names user more than once/,
  },
  {
    name: "a key that no JSON object has",
    code: "DATA_MISSING_COLUMN",
    path: "events.jsonl",
    events: '{"user":"a","rating":1}\n{"user":"b","time":null}\n',
    details: { missing: ["item", "time"], found: ["user", "rating", "time"] },
  },
  {
    name: "one column for two roles",
    code: "DATA_DUPLICATE_MAPPING",
    events: gridCsv,
    config: {
      events: { path: "events.csv", columns: { user: "user", item: "user", rating: "time", time: "time" } },
    },
    details: { columns: ["user: user and item", "time: rating and time"] },
  },
  {
    name: "a rule that drops everything",
    code: "DATA_EMPTY",
    events: gridCsv,
    config: { rules: { minRating: 2, minUserEvents: 3, minItemEvents: 3 } },
    details: {
      rule: "k-core",
      rowsBefore: 5,
      report: [
        "missing ids: 16 → 16",
        "minimum rating: 16 → 13 (rated 2 or more)",
        "exact copies: 13 → 13",
        "k-core of train: 5 → 0 (users 3, items 3, 1 round)",
      ],
    },
  },
  {
    name: "no row with both ids",
    code: "DATA_EMPTY",
    events: `${header},w,1,1\nann,,2,2\n`,
    details: { rule: "missing ids" },
  },
  {
    name: "another encoding in more than half of the rows",
    code: "DATA_ENCODING",
    events: latin1(`${header}Zoé,w,1,1\nann,w,1,1\nNoël,w,1,1\n`),
    details: { byteOffset: header.length + 2 },
    says: /iconv/,
  },
  {
    name: "another encoding far behind the first chunk",
    code: "DATA_ENCODING",
    events: latin1(`${header}${"x".repeat(3_000_000)}\n${"Zo\xe9,w,1,1\n".repeat(5)}`),
    details: { byteOffset: header.length + 3_000_003 },
  },
  {
    name: "a header in another encoding",
    code: "DATA_ENCODING",
    events: latin1("user,item,rating,time,né\nann,w,1,1,1\n"),
    details: { byteOffset: 23 },
  },
  {
    name: "UTF-16",
    code: "DATA_ENCODING",
    events: Buffer.from(`\ufeff${gridCsv}`, "utf16le"),
    details: { byteOffset: 0 },
    says: /iconv -f utf-16 -t utf-8/,
  },
  {
    name: "UTF-16 without a byte order mark",
    code: "DATA_ENCODING",
    events: Buffer.from(gridCsv, "utf16le"),
    says: /iconv -f utf-16le -t utf-8/,
  },
  {
    name: "a header with U+0000",
    code: "DATA_MALFORMED",
    events: `\0\0${gridCsv}`,
    says: /its header holds the character U\+0000/,
  },
  {
    name: "a gzip file that is called .csv",
    code: "DATA_MALFORMED",
    events: gzipSync(gridCsv),
    says: /it is compressed \(gzip\); unpack it first/,
  },
  {
    name: "ratings that are all equal",
    code: "DATA_CONSTANT_RATING",
    events: `${header}a,w,3,1\na,x,3.0,2\nb,w,3,3\n`,
    details: { column: "rating", value: 3 },
  },
  {
    name: "one user",
    code: "DATA_TOO_FEW_USERS",
    events: `${header}a,w,3,1\na,x,4,2\na,y,4,3\n`,
    details: { users: 1, needed: 2 },
  },
  {
    name: "a header whose quote never closes",
    code: "DATA_MALFORMED",
    events: `user,item,rating,"time\nann,w,1,1\n`,
    says: /the quotes of its header are broken: user,item,rating,"time/,
  },
  {
    name: "a first line without an end",
    code: "DATA_MALFORMED",
    events: "x".repeat(2_500_000),
    says: /longer than 2 MB/,
  },
  { name: "text that is called Parquet", code: "DATA_MALFORMED", path: "events.parquet", events: gridCsv },
  { name: "a Parquet file of 0 bytes", code: "DATA_NO_ROWS", path: "events.parquet", events: "" },
  ...badSplits,
];

describe("refuses, and leaves nothing behind", () => {
  test.each(failures)(
    "$name: $code",
    async ({ code, events, path = "events.csv", config, details, says }) => {
      using project = createProject({
        "sub/events.xls": "x",
        ...(events === undefined ? {} : { [path]: events }),
      });
      const before = project.list();
      const data = { ...gridConfig, events: { path, columns }, ...config };
      const failure = await project.prepare(data).then(
        () => undefined,
        (error: unknown) => error,
      );

      expect(failure).toMatchObject({ code, ...(details && { details }) });
      expect((failure as Error).message).toMatch(says ?? /./);
      expect(project.list()).toEqual(before);
    },
  );

  test("an items file is held to the same rules", async () => {
    using project = createProject({
      "events.csv": gridCsv,
      "items.csv": "id,name\nw,\n",
      "bad.csv": "id,name\nw\n",
    });
    const before = project.list();
    const items = { path: "items.csv", columns: { item: "id", title: "title" }, show: ["year"] };

    await expect(project.prepare({ ...gridConfig, items })).rejects.toMatchObject({
      code: "DATA_MISSING_COLUMN",
      details: { missing: ["title", "year"], found: ["id", "name"] },
    });
    await expect(
      project.prepare({ ...gridConfig, items: { path: "bad.csv", columns: { item: "id", title: "name" } } }),
    ).rejects.toMatchObject({ code: "DATA_BAD_ROWS" });
    await expect(
      project.prepare({ ...gridConfig, items: { ...items, path: "none.csv" } }),
    ).rejects.toMatchObject({ code: "DATA_FILE_NOT_FOUND", details: { role: "items" } });
    expect(project.list()).toEqual(before);
  });

  test("a task that has no data step", async () => {
    using project = createProject({ "table.csv": "x,y\n1,2\n" });
    const data = { table: { path: "table.csv", target: "y" } };
    const config = parseProjectConfig({ name: "rows", task: "regress", data }, "the test");
    const before = project.list();

    await expect(prepareDataset({ config, projectDir: project.dir })).rejects.toMatchObject({
      code: "DATA_TASK",
      details: { task: "regress", supported: ["recommend"] },
    });
    expect(project.list()).toEqual(before);
  });

  test("a damaged Parquet file", async () => {
    using project = createProject({ "events.csv": gridCsv });
    const { dir } = await project.prepare(gridConfig);
    const bytes = readFileSync(join(dir, "events.parquet"));
    const data = {
      ...gridConfig,
      events: { path: "events.parquet", columns: { user: "user_index", item: "item_index" } },
    };
    writeFileSync(join(project.dir, "events.parquet"), bytes.subarray(0, bytes.length - 40));
    const before = project.list();
    await expect(project.prepare(data)).rejects.toMatchObject({ code: "DATA_MALFORMED" });
    writeFileSync(join(project.dir, "events.parquet"), bytes.fill(0xff, 4, 60));
    await expect(project.prepare(data)).rejects.toMatchObject({ code: "DATA_MALFORMED" });
    expect(project.list()).toEqual(before);
  });
});

describe("a place that cannot be written", () => {
  test("under a file", async () => {
    using project = createProject({ "events.csv": gridCsv });
    const before = project.list();

    await expect(
      project.prepare(gridConfig, { outDir: join(project.dir, "events.csv", "out") }),
    ).rejects.toMatchObject({ code: "FILE_WRITE" });
    expect(project.list()).toEqual(before);
  });

  // A device that refuses every byte as a full disk does; it exists on Linux.
  test.runIf(existsSync("/dev/full"))("a full disk", async () => {
    using project = createProject({ "events.csv": gridCsv });
    const before = project.list();

    await expect(
      project.prepare(gridConfig, { engine: redirectEngine(duckdbEngine, "/dev/full") }),
    ).rejects.toMatchObject({
      code: "FILE_WRITE",
      details: { reason: expect.stringContaining("No space left") },
    });
    expect(project.list()).toEqual(before);
  });

  test("a full disk leaves the datasets that stood before", async () => {
    using project = createProject({ "events.csv": gridCsv });
    const { dir } = await project.prepare(gridConfig);
    const before = project.list();

    await expect(
      project.prepare(gridConfig, {
        seed: 2,
        engine: redirectEngine(duckdbEngine, join(dir, "manifest.json", "x")),
      }),
    ).rejects.toMatchObject({ code: "FILE_WRITE" });
    expect(project.list()).toEqual(before);
    expect(readdirSync(dir)).toContain("manifest.json");
  });
});

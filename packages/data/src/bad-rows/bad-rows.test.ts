import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAttuneError } from "@attune/contracts";
import { parseProjectConfig } from "@attune/contracts/config";
import { describe, expect, test } from "vitest";
import { checkEvents } from "../check-events.ts";
import { loadDataset } from "../load.ts";
import { createProject, gridConfig, gridCsv, gridRows } from "../testing/project.ts";
import { writeParquet } from "../testing/write-parquet.ts";
import { parseRecords } from "../text-file/header.ts";

const columns = { ...gridConfig.events.columns, type: "type" };
const header = "user,item,rating,time,type\n";
const gridLines = gridRows.map(({ user, item, rating, time }) => `${user},${item},${rating},${time},buy\n`);
const good = gridLines.join("");
const latin1 = (text: string) => Buffer.from(text, "latin1");
const rules = { ...gridConfig.rules, eventWeights: { buy: 1, view: 0.5, skip: 0 } };
const configOf = (path: string, events: object = {}) => ({
  ...gridConfig,
  events: { path, columns, ...events },
  rules,
});

/** One or two rows of every kind, between good ones. */
const dirty = latin1(
  [
    header,
    ...gridLines.slice(0, 4),
    "ann,q,1,1\n", // 6
    "ann,q,1,1,buy,more\n",
    'ann,"q,1,1,buy\n',
    'ann,"q"q,1,1,buy\n',
    "ann,caf\xe9,1,1,buy\n", // 10
    "a\0b,q,1,1,buy\n",
    "ann,q,1,1,Buy\n",
    "ann,q,1,1,BUY\n",
    "ann,q,1,1,Buy\n",
    "ann,q,1,1,\n", // 15
    "ann,q,1,noon,buy\n",
    "ann,q,good,1,buy\n",
    "ann,q,1e13,,buy\n", // a time first
    ",q,bad,bad,bad\n", // no user: nothing else counts
    "ann,,1,1,buy\n", // 20
    "ann,q,bad,bad,skip\n", // weighs nothing
    ...gridLines.slice(4),
    "ann,w,1,5",
  ].join(""),
);

const failureOf = async (work: Promise<unknown>) =>
  await work.then(
    () => undefined,
    (cause: unknown) => cause as Error,
  );

const rejected = (dir: string) =>
  parseRecords(readFileSync(join(dir, "rejected.csv"), "latin1"), ",", Number.POSITIVE_INFINITY);

describe("refused", () => {
  test("every kind is listed in one run, with counts, lines as an editor shows them, and what to do", async () => {
    using project = createProject({ "events.csv": dirty });
    const before = project.list();
    const failure = await failureOf(project.prepare(configOf("events.csv")));

    expect(failure?.message.replaceAll(project.dir, "")).toBe(
      [
        "/events.csv has 14 bad rows of 33:",
        "  - broken quotes (one that never closes, or text behind a closing one): 2 rows",
        '      line 8: ann,"q,1,1,buy',
        '      line 9: ann,"q"q,1,1,buy',
        "  - wrong number of columns (the header has 5): 2 rows",
        "      line 6: ann,q,1,1",
        "      line 7: ann,q,1,1,buy,more",
        "  - the last row is cut in the middle: 1 row",
        "      line 34: ann,w,1,5",
        "  - not UTF-8 (convert the file, for example with `iconv -f latin1 -t utf-8`): 1 row",
        "      line 10: ann,caf\ufffd,1,1,buy",
        "  - an id that holds the character U+0000: 1 row",
        '      line 11, user: "a\\u0000b"',
        "  - an event type without a weight (data.rules.eventWeights names buy, view, skip; 0 drops a type): 4 rows",
        '      line 12, type: "Buy" (2 rows)',
        "      line 15, type: nothing (1 row)",
        '      line 13, type: "BUY" (1 row)',
        "  - not a time in epoch seconds: 2 rows",
        '      line 16, time: "noon"',
        "      line 18, time: nothing",
        "  - not a number from -1000000000000 to 1000000000000: 1 row",
        '      line 17, rating: "good"',
        '  (2 more without a user or an item: these are no hindrance, the rule "missing ids" drops them)',
        'Mend the file, or set data.events.badRows: "skip" to leave these rows out; that also needs data.events.maxBadRows: 0.43 or more',
      ].join("\n"),
    );
    expect(project.list()).toEqual(before);
  });

  test("the report without a dataset says the same, and leaves nothing behind", async () => {
    using project = createProject({ "events.csv": dirty });
    const before = project.list();
    const failure = await failureOf(project.prepare(configOf("events.csv")));
    const config = parseProjectConfig({ name: "test", data: configOf("events.csv") }, "the test");
    const report = await checkEvents({ config, projectDir: project.dir });

    expect(report).toMatchObject({ rowCount: 33, badCount: 14, missingIds: 2 });
    expect(isAttuneError(failure, "DATA_BAD_ROWS") && failure.details.kinds).toEqual(report.kinds);
    expect(report.kinds.reduce((sum, { count }) => sum + count, 0)).toBe(report.badCount);
    expect(project.list()).toEqual(before);
  });

  test("a clean file is a report of nothing", async () => {
    using project = createProject({ "events.csv": header + good });
    const config = parseProjectConfig({ name: "test", data: configOf("events.csv") }, "the test");

    expect(await checkEvents({ config, projectDir: project.dir })).toEqual({
      rowCount: 16,
      badCount: 0,
      missingIds: 0,
      kinds: [],
    });
  });

  test("a line counts the line ends inside quotes before it", async () => {
    using project = createProject({ "events.csv": `${header}"two\nlines",w,1,1,buy\n\nann,w,x,1,buy\n` });
    const failure = await failureOf(project.prepare(configOf("events.csv")));
    expect(failure?.message).toContain('line 5, rating: "x"');
  });

  test.each([
    ["s", 1_700_000_000, 1000],
    ["ms", 1_700_000_000_000, 1000],
  ])(
    "a time of a finer unit than %s is bad, no time behind the year 9999",
    async (timeUnit, time, factor) => {
      const lines = gridLines.map((line, n) => line.replace(/,\d+,buy/, `,${time + n},buy`));
      using project = createProject({
        "events.csv": `${header}${lines.join("")}ann,w,1,${time * factor},buy\n`,
      });
      const failure = await failureOf(project.prepare(configOf("events.csv", { timeUnit })));
      expect(failure).toMatchObject({ code: "DATA_BAD_ROWS", details: { count: 1 } });
      expect(failure?.message).toContain(`line 18, time: "${time * factor}"`);
    },
  );

  test("a column of mixed time formats: the other rows are bad, nothing is guessed", async () => {
    const times = ["1970-01-01T00:00:01Z", "1970-01-01 00:00:02 UTC", "3", "1970-01-01T00:00:04+01"];
    const rows = times.map((time, n) => `u${n % 2},i${n},1,${time},buy\n`);
    using project = createProject({
      "events.csv": `${header}${rows.join("")}u,i,1,1970-01-01 00:00:00 Europe/Berlin,buy\n`,
    });
    const failure = await failureOf(project.prepare(configOf("events.csv", { timeUnit: "iso" })));

    expect(failure).toMatchObject({
      code: "DATA_BAD_ROWS",
      details: {
        count: 2,
        kinds: [
          {
            kind: "time",
            problem: expect.stringContaining("not a time in ISO 8601"),
            examples: [
              { line: 4, text: "3" },
              { line: 6, text: "1970-01-01 00:00:00 Europe/Berlin" },
            ],
          },
        ],
      },
    });
  });

  test("of more rows than are shown the first ten stand there, and all are counted", async () => {
    using project = createProject({
      "events.csv": `${header}${"ann,w,bad,1,buy\n".repeat(5000)}${"ann,w\n".repeat(3000)}`,
    });
    const failure = await failureOf(project.prepare(configOf("events.csv")));

    expect(failure).toMatchObject({
      details: {
        count: 8000,
        kinds: [
          { kind: "columns", count: 3000, examples: { length: 10 } },
          { kind: "rating", count: 5000, examples: { length: 10 } },
        ],
      },
    });
    expect(failure?.message).toContain('line 11, rating: "bad"\n      …');
  });

  test("files of a given split, each by its own lines", async () => {
    using project = createProject({
      "events.csv": gridCsv,
      "validation.csv": "user,item,rating,time\nann,q,1,noon\n",
      "test.csv": "user,item,rating,time\nann,r,1,500\nshort\nbob,r,good,500\n",
    });
    const split = { kind: "given", validationFile: "validation.csv", testFile: "test.csv" };
    const failure = await failureOf(project.prepare({ ...gridConfig, split }));

    expect(failure).toMatchObject({ details: { count: 3, rowCount: 20 } });
    for (const place of [
      "test.csv line 3: short",
      'validation.csv line 2, time: "noon"',
      'test.csv line 4, rating: "good"',
    ]) {
      expect(failure?.message).toContain(place);
    }
  });

  test("JSON Lines: what is no object, bad values, broken bytes", async () => {
    const line = (user: string, rating: unknown) => JSON.stringify({ user, item: "w", rating, time: 1 });
    using project = createProject({
      "events.jsonl": Buffer.concat([
        Buffer.from(`${line("ann", 1)}\n\n{"user":\n[1]\nnull\n${line("ann", "x")}\n`),
        latin1(`${line("Zo\xe9", 1)}\n`),
        Buffer.from(`${line("a\0b", 1)}\n{"user":"cut`),
      ]),
    });
    const data = { ...gridConfig, events: { path: "events.jsonl", columns: gridConfig.events.columns } };

    expect(await failureOf(project.prepare(data))).toMatchObject({
      details: {
        count: 7,
        rowCount: 8,
        kinds: [
          { kind: "cut", examples: [{ line: 9, text: '{"user":"cut' }] },
          { kind: "encoding", examples: [{ line: 7 }] },
          {
            kind: "json",
            count: 3,
            examples: [
              { line: 3, text: '{"user":' },
              { line: 4, text: "[1]" },
              { line: 5, text: "null" },
            ],
          },
          { kind: "nul", examples: [{ line: 8, column: "user", text: "a\0b" }] },
          { kind: "rating", examples: [{ line: 6, text: "x" }] },
        ],
      },
    });
  });

  test("Parquet: by row", async () => {
    using project = createProject({});
    const csv = gridCsv.replace("ann,x,2,10", "ann,x,oops,10");
    await writeParquet(
      project,
      "events.parquet",
      csv,
      'c0 as "user", c1 as item, c2 as rating, c3 as "time"',
    );
    const data = { ...gridConfig, events: { path: "events.parquet", columns: gridConfig.events.columns } };
    const failure = await failureOf(project.prepare(data));
    expect(failure?.message).toContain('row 2, rating: "oops"');
  });

  test("a side table with broken rows, all of them", async () => {
    using project = createProject({
      "events.csv": gridCsv,
      "items.csv": 'id,name\nw\nx,"X"x\ny,Y\n',
      "items.jsonl": '{"id":"w","name":"W"}\noops\n',
    });
    const prepare = (path: string) =>
      failureOf(project.prepare({ ...gridConfig, items: { path, columns: { item: "id", title: "name" } } }));
    const csv = await prepare("items.csv");
    const json = await prepare("items.jsonl");

    expect(csv?.message).toMatch(
      /items\.csv has 2 bad rows of 3:[\s\S]*line 3: x,"X"x[\s\S]*line 2: w\nMend the file$/,
    );
    expect(json?.message).toMatch(/items\.jsonl has 1 bad row of 2:[\s\S]*line 2: oops\nMend the file$/);
  });
});

describe("skipped", () => {
  const skip = { badRows: "skip", maxBadRows: 0.5 };

  test("the dataset is that of the good rows; the others stand in rejected.csv", async () => {
    using project = createProject({
      "events.csv": dirty,
      "clean.csv": `${header}${gridLines.slice(0, 4).join("")},q,1,1,buy\nann,,1,1,buy\nann,q,1,1,skip\n${gridLines.slice(4).join("")}`,
    });
    const clean = await project.prepare(configOf("clean.csv"));
    const { dir, manifest } = await project.prepare(configOf("events.csv", skip));
    const { "rejected.csv": rejectedHash, ...files } = manifest.files;

    expect(files).toEqual(clean.manifest.files);
    expect(rejectedHash?.bytes).toBe(readFileSync(join(dir, "rejected.csv")).length);
    expect(manifest.source.rows).toBe(33);
    expect(manifest.badRows).toEqual({
      rows: 14,
      kinds: { quotes: 2, columns: 2, cut: 1, encoding: 1, nul: 1, type: 4, time: 2, rating: 1 },
    });
    expect(manifest.rules.slice(0, 3)).toEqual([
      {
        rule: "bad rows",
        scope: "raw",
        rowsBefore: 33,
        rowsAfter: 19,
        note: "quotes 2, columns 2, cut 1, encoding 1, nul 1, type 4, time 2, rating 1",
      },
      { rule: "missing ids", scope: "raw", rowsBefore: 19, rowsAfter: 17 },
      { rule: "event types", scope: "raw", rowsBefore: 17, rowsAfter: 16 },
    ]);
    expect(rejected(dir)).toEqual([
      ["file", "line", "kind", "text"],
      ["events.csv", "6", "columns", "ann,q,1,1"],
      ["events.csv", "7", "columns", "ann,q,1,1,buy,more"],
      ["events.csv", "8", "quotes", 'ann,"q,1,1,buy'],
      ["events.csv", "9", "quotes", 'ann,"q"q,1,1,buy'],
      ["events.csv", "10", "encoding", "ann,caf\xe9,1,1,buy"],
      ["events.csv", "11", "nul", "a\0b,q,1,1,buy"],
      ["events.csv", "12", "type", "ann,q,1,1,Buy"],
      ["events.csv", "13", "type", "ann,q,1,1,BUY"],
      ["events.csv", "14", "type", "ann,q,1,1,Buy"],
      ["events.csv", "15", "type", "ann,q,1,1,"],
      ["events.csv", "16", "time", "ann,q,1,noon,buy"],
      ["events.csv", "17", "rating", "ann,q,good,1,buy"],
      ["events.csv", "18", "time", "ann,q,1e13,,buy"],
      ["events.csv", "34", "cut", "ann,w,1,5"],
    ]);
    await loadDataset(dir);
  });

  test("a clean file has nothing of it, and the key of a project that refuses stays", async () => {
    using project = createProject({ "events.csv": header + good });
    const plain = await project.prepare(configOf("events.csv"));
    const refusing = await project.prepare(configOf("events.csv", { badRows: "refuse", maxBadRows: 0.2 }));
    const skipping = await project.prepare(configOf("events.csv", skip));

    expect(refusing.cached).toBe(true);
    expect(skipping.manifest.key).not.toBe(plain.manifest.key);
    expect({ ...skipping.manifest, key: "" }).toEqual({ ...plain.manifest, key: "" });
    expect(plain.manifest).not.toHaveProperty("badRows");
    expect(existsSync(join(skipping.dir, "rejected.csv"))).toBe(false);
  });

  test("rejected.csv belongs to the dataset: without it, it is made again", async () => {
    using project = createProject({ "events.csv": dirty });
    const { dir } = await project.prepare(configOf("events.csv", skip));
    expect((await project.prepare(configOf("events.csv", skip))).cached).toBe(true);
    writeFileSync(join(dir, "rejected.csv"), "");
    await expect(loadDataset(dir)).rejects.toMatchObject({ code: "DATA_DAMAGED" });
    expect((await project.prepare(configOf("events.csv", skip))).cached).toBe(false);
  });

  test("more bad rows than the share are refused all the same", async () => {
    using project = createProject({ "events.csv": dirty });
    const failure = await failureOf(project.prepare(configOf("events.csv", { badRows: "skip" })));

    expect(failure).toMatchObject({
      code: "DATA_BAD_ROWS",
      details: { policy: { badRows: "skip", maxBadRows: 0.05 } },
    });
    expect(failure?.message).toMatch(/a share of 0\.43, more than data\.events\.maxBadRows \(0\.05\)/);
  });

  test("a file in which every row is bad is no empty success", async () => {
    using project = createProject({ "events.csv": `${header}a\nb\n` });
    const all = configOf("events.csv", { badRows: "skip", maxBadRows: 1 });
    expect(await failureOf(project.prepare(all))).toMatchObject({
      code: "DATA_EMPTY",
      details: { rule: "bad rows", report: ["bad rows: 2 → 0 (columns 2)"] },
    });
  });

  test("rows of a given split's files and of Parquet stand in it too", async () => {
    using project = createProject({
      "events.csv": gridCsv,
      "validation.csv": "user,item,rating,time\nann,q,1,400\nann,q,1,noon\nshort\n",
    });
    await writeParquet(
      project,
      "test.parquet",
      "user,item,rating,time\nann,r,1,500\nbob,r,good,500\n",
      'c0 as "user", c1 as item, c2 as rating, c3 as "time"',
    );
    const { dir, manifest } = await project.prepare({
      ...gridConfig,
      events: { ...gridConfig.events, ...skip },
      split: { kind: "given", validationFile: "validation.csv", testFile: "test.parquet" },
    });

    expect(manifest.splitFiles).toMatchObject({ validation: { rows: 3 }, test: { rows: 2 } });
    expect(rejected(dir).slice(1)).toEqual([
      ["validation.csv", "3", "time", "ann,q,1,noon"],
      ["validation.csv", "4", "columns", "short"],
      ["test.parquet", "2", "rating", '{"user":"bob","item":"r","rating":"good","time":"500"}'],
    ]);
  });
});

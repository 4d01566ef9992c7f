import { describe, expect, test } from "vitest";
import { loadDataset } from "./load.ts";
import { createProject, formatCsv, gridConfig, gridCsv, gridRows } from "./testing/project.ts";
import { writeParquet } from "./testing/write-parquet.ts";

const { columns } = gridConfig.events;
const eventsFrom = (path: string, rest: object = {}) => ({
  ...gridConfig,
  events: { path, columns, ...rest },
});

const parquetColumns = (time: string) =>
  `c0 as "user", cast(c1 as varchar) as item, cast(c2 as double) as rating, ${time} as "time"`;

describe("formats", () => {
  test("every format gives the same dataset", async () => {
    const lines = (write: (row: (typeof gridRows)[number]) => string) => gridRows.map(write).join("\n");
    using project = createProject({
      "events.csv": gridCsv,
      "crlf-bom.csv": `\ufeff${gridCsv.replaceAll("\n", "\r\n")}`,
      "events.tsv": gridCsv.replaceAll(",", "\t"),
      "events.jsonl": lines((row) => JSON.stringify(row)),
      "texts.ndjson": lines((row) =>
        JSON.stringify({ ...row, rating: `${row.rating}.0`, time: String(row.time) }),
      ),
      "data.txt": gridCsv,
      "millis.csv": formatCsv(
        ["time", "rating", "junk", "item", "user"],
        gridRows.map((row) => [row.time * 1000, row.rating, "j", row.item, row.user]),
      ),
      "iso.csv": formatCsv(
        ["user", "item", "rating", "time"],
        gridRows.map((row) => [row.user, row.item, row.rating, new Date(row.time * 1000).toISOString()]),
      ),
    });
    await writeParquet(project, "seconds.parquet", gridCsv, parquetColumns("cast(c3 as bigint)"));
    await writeParquet(
      project,
      "times.parquet",
      gridCsv,
      parquetColumns("make_timestamp(cast(c3 as bigint) * 1000000)"),
    );
    const hashes = new Map<string, string>();
    for (const [path, rest] of [
      ["events.csv", {}],
      ["crlf-bom.csv", {}],
      ["events.tsv", {}],
      ["events.jsonl", {}],
      ["texts.ndjson", {}],
      ["data.txt", { format: "csv" }],
      ["millis.csv", { timeUnit: "ms" }],
      ["iso.csv", { timeUnit: "iso" }],
      ["seconds.parquet", {}],
      // A column that is a time by its schema is read as one, whatever the unit says.
      ["times.parquet", {}],
    ] as const) {
      const { manifest } = await project.prepare(eventsFrom(path, rest));
      hashes.set(path, JSON.stringify(manifest.files));
    }

    expect(hashes.size).toBe(10);
    expect(new Set(hashes.values()).size).toBe(1);
  });

  test("ids are text, whatever they look like, and quoted fields are whole", async () => {
    const users = ["007", "7", "7.0", "Zoë", "a,b", "line\nbreak", ' "quoted" ', "名前"];
    const rows = users.flatMap((user) => ["1", "01", "é;"].map((item) => [user, item]));
    using project = createProject({ "events.csv": formatCsv(["the user", "die Straße"], rows) });
    const { dir } = await project.prepare({
      ...gridConfig,
      events: { path: "events.csv", columns: { user: "the user", item: "die Straße" } },
    });
    const { userIds, itemIds } = (await loadDataset(dir)).measured;

    expect([...userIds].sort()).toEqual([...users].sort());
    expect(itemIds).toEqual(["1"]);
  });

  test("ids in JSON may be numbers, and keys may hold any character", async () => {
    const rows = gridRows.map((row, n) =>
      JSON.stringify({ "u/~1.": n >> 2, 'it"em': { 0: "a", 1: 17 }[n % 4] ?? row.item }),
    );
    using project = createProject({ "events.jsonl": `${rows.join("\n")}\n\n` });
    const { dir } = await project.prepare({
      ...gridConfig,
      events: { path: "events.jsonl", columns: { user: "u/~1.", item: 'it"em' } },
    });
    const { userIds, itemIds } = (await loadDataset(dir)).measured;

    expect(userIds).toEqual(["0", "1", "2", "3"]);
    expect(itemIds).toEqual(["17", "a"]);
  });
});

describe("a header over several lines", () => {
  const lineEnds = { LF: "\n", CRLF: "\r\n", CR: "\r" };
  const pairs = Object.entries(lineEnds).flatMap(([inside, name]) =>
    Object.entries(lineEnds).map(([outside, end]) => [inside, outside, name, end] as const),
  );

  test.each(pairs)(
    "with %s inside and %s behind each row is read, and its lines are counted",
    async (...[, , inside, end]) => {
      const user = `user${inside}id`;
      const text = gridCsv.replaceAll("\n", end).replace("user", `"${user}"`);
      using project = createProject({ "good.csv": text, "bad.csv": `${text}ann,w,1,noon${end}` });
      const names = { ...columns, user };
      const { manifest } = await project.prepare(eventsFrom("good.csv", { columns: names }));
      expect(manifest.released.events).toBe(gridRows.length);
      const refused = project.prepare(eventsFrom("bad.csv", { columns: names }));
      await expect(refused).rejects.toMatchObject({
        details: { kinds: [{ kind: "time", examples: [{ line: gridRows.length + 3 }] }] },
      });
    },
  );
});

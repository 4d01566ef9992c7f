import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commands } from "./commands/index.ts";
import { createFolder, type Folder, run } from "./testing/terminal.ts";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => folder.remove());

test("no command prints the overview and is misuse; help is not", async () => {
  const nothing = await run([], folder.dir);
  expect(nothing.code).toBe(2);
  expect(nothing.printed).toContain("Usage: attune <command>");
  expect((await run(["--help"], folder.dir)).code).toBe(0);
});

test("an unknown command names those that exist", async () => {
  const { code, json, text } = await folder.attune("deploy");
  expect(code).toBe(2);
  expect(text).toContain("quickstart");
  expect(json).toMatchObject({ error: { code: "CLI_USAGE" } });
});

describe.each(commands)("attune $name", ({ name, options }) => {
  test("--help lists its options", async () => {
    const { code, printed } = await run([name, "--help"], folder.dir);
    expect(code).toBe(0);
    for (const option of Object.keys(options)) expect(printed).toContain(`--${option}`);
  });

  test("refuses an option it does not have, as misuse", async () => {
    const { code, json } = await folder.attune(name, "--no-such-option");
    expect(code).toBe(2);
    expect(json).toMatchObject({ error: { code: "CLI_USAGE" } });
  });
});

test("--help with --json, and -h, show the text and leave stdout to results", async () => {
  const { code, json, text, printed } = await folder.attune("train", "-h");
  expect(code).toBe(0);
  expect(text).toContain("--config FILE");
  expect([json, printed]).toEqual([undefined, ""]);
  expect((await folder.attune("--help")).text).toContain("Usage: attune <command>");
});

test("command names are unique", () => {
  expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
});

test("init guesses columns and units from the header, and does not overwrite", async () => {
  folder.write("ratings.csv", "userId,movieId,rating,timestamp\n1,2,4.5,1700000000000\n");
  const first = await folder.attune("init", "--events", "ratings.csv", "--name", "My shop!");
  expect(first.json).toMatchObject({
    columns: { user: "userId", item: "movieId", rating: "rating", time: "timestamp" },
    guessed: true,
  });
  const again = await folder.attune("init", "--events", "ratings.csv");
  expect(again.code).toBe(1);
  expect(again.json).toMatchObject({ error: { code: "CLI_EXISTS" } });
  expect((await folder.attune("init", "--events", "ratings.csv", "--force")).code).toBe(0);
});

test.each([
  ["e.jsonl", '{"user":1,"item":2,"ts":1700000000000}\n', "ms"],
  ["e.jsonl", '{"user":1,"item":"a, b","ts":1700000000}\n', "s"],
  ["e.csv", 'user,item,time\n1,"a, b",1700000000000\n', "ms"],
  ["e.TSV", "user\titem\tdate\n1\ta, b\t2024-01-01\n", "iso"],
])("init guesses the unit of times in %s: %j", async (name, text, timeUnit) => {
  folder.write(name, text);
  expect((await folder.attune("init", "--events", name)).code).toBe(0);
  const config = JSON.parse(readFileSync(path.join(folder.dir, "attune.config.json"), "utf8"));
  expect(config.data.events).toMatchObject({ timeUnit });
});

test("init says which column it could not guess, and writes nothing for a file that is not there", async () => {
  folder.write("e.csv", "who,item\n1,2\n");
  const { text, json } = await folder.attune("init", "--events", "e.csv");
  expect(json).toMatchObject({ guessed: false });
  expect(text).toContain("No column looks like the user");
  expect(text).toContain("who, item");
  const missing = await folder.attune("init", "--events", "nothing.parquet", "--force");
  expect(missing.json).toMatchObject({ error: { code: "DATA_FILE_NOT_FOUND" } });
});

test("what init writes is a valid config that prepare can run", async () => {
  const rows = Array.from(
    { length: 600 },
    (_, index) => `u${index % 30},i${(index * 7) % 23},${1.7e9 + index}`,
  );
  folder.write("events.tsv", `user\titem\ttime\n${rows.join("\n").replaceAll(",", "\t")}\n`);
  expect((await folder.attune("init", "--events", "events.tsv")).code).toBe(0);
  const { code, json, text } = await folder.attune("prepare");
  expect(code, text).toBe(0);
  expect(json).toMatchObject({ dataset: { users: 30, items: 23 }, cached: false });
});

test("an artifact that is not there says what to run", async () => {
  folder.write(
    "attune.config.json",
    JSON.stringify({ name: "x", data: { events: { path: "e.csv", columns: { user: "u", item: "i" } } } }),
  );
  const { code, json } = await folder.attune("recommend");
  expect(code).toBe(1);
  expect(json).toMatchObject({
    error: { code: "FILE_READ", message: expect.stringContaining("attune quickstart") },
  });
});

test.each(["0", "-1", "1.5", "NaN", "many", ""])("recommend --k %s is misuse", async (k) => {
  const { code, json } = await folder.attune("recommend", `--k=${k}`);
  expect(code).toBe(2);
  expect(json).toMatchObject({ error: { code: "CLI_USAGE" } });
});

test("inspect refuses what is no ONNX file, and reports what Attune will not load", async () => {
  folder.write("model.onnx", "not a model");
  const { code, json } = await folder.attune("inspect", "model.onnx");
  expect(code).toBe(1);
  expect(json).toMatchObject({ error: { code: "ONNX_PARSE" } });
  expect((await folder.attune("inspect", "nothing.onnx")).json).toMatchObject({
    error: { code: "FILE_READ" },
  });
  expect((await folder.attune("inspect")).code).toBe(2);
});

test("items that the items file does not name are counted", async () => {
  const rows = Array.from({ length: 400 }, (_, index) => `u${index % 40},i${(index * 7) % 23}`);
  folder.write("events.csv", `user,item\n${rows.join("\n")}\n`);
  folder.write("items.csv", "id,title\ni1,One\ni2,\n");
  const data = {
    events: { path: "events.csv", columns: { user: "user", item: "item" } },
    items: { path: "items.csv", columns: { item: "id", title: "title" } },
    split: { kind: "random" },
  };
  // As some editors save it: with a byte order mark.
  folder.write("attune.config.json", `\ufeff${JSON.stringify({ name: "shop", data })}`);
  const { code, text } = await folder.attune("prepare");
  expect(code, text).toBe(0);
  expect(text).toContain("21 of 23 items have no row in items.csv");
});

test("a config that throws, or exports nothing, is named", async () => {
  mkdirSync(path.join(folder.dir, "a"));
  writeFileSync(path.join(folder.dir, "a/attune.config.mjs"), "export const config = {};\n");
  const { code, json } = await folder.attune("prepare", "--config", "a");
  expect(code).toBe(1);
  expect(json).toMatchObject({
    error: { code: "CONFIG_LOAD", message: expect.stringContaining("default export") },
  });
});

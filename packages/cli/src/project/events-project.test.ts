import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFolder, type Folder } from "../testing/terminal.ts";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
  const rows = Array.from(
    { length: 600 },
    (_, index) => `u${index % 40},i${(index * index + 3 * index) % 23},${1.7e9 + index}`,
  );
  folder.write("ratings.csv", `user,item,time\n${rows.join("\n")}\n`);
});
afterEach(() => folder.remove());

const quickstart = (...argv: string[]) =>
  folder.attune("quickstart", "--no-serve", "--no-web", "--allow-worse", ...argv);

test("from a file of events to a model with no config written by hand, and the same words again", async () => {
  const first = await quickstart("--events", "ratings.csv");
  expect(first.code, first.text).toBe(0);
  // The cleaning table: rows must not disappear without a word.
  expect(first.text).toContain("rows before → after");
  expect(first.text).toContain("k-core");
  expect(first.json).toMatchObject({
    artifact: { version: 1, sha256: expect.any(String) },
    rules: expect.any(Array),
    notes: expect.any(Array),
  });
  const config = readFileSync(path.join(folder.dir, "attune.config.json"), "utf8");
  expect(JSON.parse(config)).toMatchObject({ data: { events: { path: "ratings.csv" } } });
  const again = await quickstart("--events", "ratings.csv");
  expect(again.code, again.text).toBe(0);
  expect(again.json).toMatchObject({ artifact: { version: 1 } });
  expect(readFileSync(path.join(folder.dir, "attune.config.json"), "utf8")).toBe(config);
});

test("a config that reads other events is not overwritten", async () => {
  const data = { events: { path: "other.csv", columns: { user: "u", item: "i" } } };
  folder.write("attune.config.json", JSON.stringify({ name: "x", data }));
  const { code, json } = await quickstart("--events", "ratings.csv");
  expect(code).toBe(2);
  expect(json).toMatchObject({
    error: { code: "CLI_USAGE", message: expect.stringContaining("reads other.csv") },
  });
});

test.each([
  ["--events beside --config", ["--events", "ratings.csv", "--config", "."]],
  ["--items alone", ["--items", "ratings.csv"]],
])("%s is misuse", async (_, argv) => {
  const { code, json } = await quickstart(...argv);
  expect(code).toBe(2);
  expect(json).toMatchObject({ error: { code: "CLI_USAGE" } });
});

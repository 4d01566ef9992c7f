import { join } from "node:path";
import { expect, test } from "vitest";
import { createProject } from "../testing/project.ts";
import { writeParquet } from "../testing/write-parquet.ts";
import { sampleFile } from "./sample.ts";

test.each([
  ["a.csv", '\ufeffuser,"the, item",t\r\nu1,"a,b",5\r\n'],
  ["a.tsv", "user\tthe, item\tt\nu1\ta,b\t5\n"],
  ["a.ndjson", '{"user":"u1","the, item":"a,b","t":5}\n{"user":"u2"}\n'],
])("names and first values of %s", async (name, text) => {
  using project = createProject({ [name]: text });
  expect(await sampleFile(join(project.dir, name), "events")).toEqual({
    columns: [
      { name: "user", isTime: false, sample: "u1" },
      { name: "the, item", isTime: false, sample: "a,b" },
      { name: "t", isTime: false, sample: "5" },
    ],
    hasHeader: true,
  });
});

test("names and first values of a Parquet file", async () => {
  using project = createProject({ "e.csv": "u,i\na,x\na,y\nb,x\nb,y\n" });
  const { dir } = await project.prepare({
    events: { path: "e.csv", columns: { user: "u", item: "i" } },
    rules: { minUserEvents: 1, minItemEvents: 1 },
    split: { kind: "random", validation: 0.3, test: 0.3 },
  });
  const { columns } = await sampleFile(join(dir, "users.parquet"), "events");
  expect(columns).toEqual([
    { name: "user_index", isTime: false, sample: "0" },
    { name: "user_id", isTime: false, sample: "a" },
  ]);
});

test("a JSON Lines file whose first line is broken still has its keys, those of later lines too", async () => {
  using project = createProject({ "e.jsonl": '{"user":\n{"user":"u1","item":null}\n{"item":"i","t":3}\n' });
  const { columns } = await sampleFile(join(project.dir, "e.jsonl"), "events");
  expect(columns.map(({ name, sample }) => [name, sample])).toEqual([
    ["user", "u1"],
    ["item", "i"],
    ["t", "3"],
  ]);
});

test("objects are shown as the engine gives them, and one that is nested beyond all measure breaks nothing", async () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  using project = createProject({ "e.jsonl": `{"user":{"id":1},"item":[2],"x":${deep}}\n` });
  const { columns } = await sampleFile(join(project.dir, "e.jsonl"), "events");
  expect(columns.map(({ sample }) => sample)).toEqual(['{"id":1}', "[2]", "…"]);
});

test("a first line that is a row is no header", async () => {
  using project = createProject({ "e.csv": "u1,i1,4.5\nu2,i2,3\n" });
  expect((await sampleFile(join(project.dir, "e.csv"), "events")).hasHeader).toBe(false);
});

test.each([
  ["nothing.csv", undefined, "DATA_FILE_NOT_FOUND"],
  ["e.xlsx", "x", "DATA_FORMAT"],
  ["e.csv", " \n", "DATA_NO_ROWS"],
  ["e.csv", "user,item\n", "DATA_NO_ROWS"],
  ["e.jsonl", "[1]\n", "DATA_MALFORMED"],
  ["e.jsonl", "user,item\n", "DATA_MALFORMED"],
  ["e.parquet", "user,item\n", "DATA_MALFORMED"],
])("%s with %j is refused", async (name, text, code) => {
  using project = createProject(text === undefined ? {} : { [name]: text });
  await expect(sampleFile(join(project.dir, name), "events")).rejects.toMatchObject({ code });
});

test("a Parquet file whose text is not UTF-8 is called broken, not the engine", async () => {
  using project = createProject({});
  await writeParquet(project, "e.parquet", "a,b,c,d\nu,i,1,2\n", "c0 as \"user\", unhex('FF') as item");
  await expect(sampleFile(join(project.dir, "e.parquet"), "events")).rejects.toMatchObject({
    code: "DATA_MALFORMED",
    message: expect.stringContaining("not valid UTF8"),
  });
});

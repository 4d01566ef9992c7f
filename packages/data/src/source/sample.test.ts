import { join } from "node:path";
import { expect, test } from "vitest";
import { createProject } from "../testing/project.ts";
import { sampleEvents } from "./sample.ts";

test.each([
  ["a.csv", '\ufeffuser,"the, item",t\r\nu1,"a,b",5\r\n'],
  ["a.tsv", "user\tthe, item\tt\nu1\ta,b\t5\n"],
  ["a.ndjson", '{"user":"u1","the, item":"a,b","t":5}\n{"user":"u2"}\n'],
])("names and first values of %s", async (name, text) => {
  using project = createProject({ [name]: text });
  expect(await sampleEvents(join(project.dir, name))).toEqual([
    { name: "user", isTime: false, sample: "u1" },
    { name: "the, item", isTime: false, sample: "a,b" },
    { name: "t", isTime: false, sample: "5" },
  ]);
});

test("names and first values of a Parquet file", async () => {
  using project = createProject({ "e.csv": "u,i\na,x\na,y\nb,x\nb,y\n" });
  const { dir } = await project.prepare({
    events: { path: "e.csv", columns: { user: "u", item: "i" } },
    rules: { minUserEvents: 1, minItemEvents: 1 },
    split: { kind: "random", validation: 0.3, test: 0.3 },
  });
  expect(await sampleEvents(join(dir, "users.parquet"))).toEqual([
    { name: "user_index", isTime: false, sample: "0" },
    { name: "user_id", isTime: false, sample: "a" },
  ]);
});

test.each([
  ["nothing.csv", undefined, "DATA_FILE_NOT_FOUND"],
  ["e.xlsx", "x", "DATA_FORMAT"],
  ["e.csv", " \n", "DATA_NO_ROWS"],
  ["e.jsonl", "[1]\n", "DATA_MALFORMED"],
  ["e.jsonl", "user,item\n", "DATA_MALFORMED"],
  ["e.parquet", "user,item\n", "DATA_MALFORMED"],
])("%s with %j is refused", async (name, text, code) => {
  using project = createProject(text === undefined ? {} : { [name]: text });
  await expect(sampleEvents(join(project.dir, name))).rejects.toMatchObject({ code });
});

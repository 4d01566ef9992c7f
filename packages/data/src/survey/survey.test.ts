import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { createProject } from "../testing/project.ts";
import { type EventsSurvey, openSurvey } from "./open-survey.ts";

async function survey<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  columns: readonly string[],
  ask: (survey: EventsSurvey, dir: string) => Promise<T>,
): Promise<T> {
  using project = createProject(files);
  const opened = await openSurvey(join(project.dir, Object.keys(files)[0]!), columns);
  try {
    return await ask(opened, project.dir);
  } finally {
    await opened.close();
  }
}

test("a JSON Lines file of lines that the engine does not read says so, and not that columns are missing", async () => {
  const text = '{"u":"a\\ud800","i":1}\n';
  await expect(survey({ "e.jsonl": text }, ["u"], async () => {})).rejects.toMatchObject({
    message: expect.stringContaining("none of its rows can be used; no JSON object"),
  });
});

const timesOf = (values: readonly string[]) =>
  survey({ "e.csv": `t,u\n${values.map((value) => `"${value}",u`).join("\n")}\n` }, ["t"], async (opened) => {
    const { forms, unit } = await opened.times("t");
    return { forms: Object.fromEntries(forms.map(({ form, count }) => [form, count])), unit };
  });

test.each([
  ["2024-01-31T10:00:00Z", "iso"],
  ["2024-01-31 10:00:00 UTC", "iso"],
  ["2024-01-31T10:00:00.123+02:00", "iso"],
  ["2024-01-31T10:00:00+0200", "iso"],
  ["2024-01-31 10:00:00-05", "iso"],
  ["2024-01-31T10:00:00", "iso-local"],
  ["2024-01-31 10:00", "iso-local"],
  ["2024-01-31", "iso-local"],
  ["1706695200", "s"],
  ["1706695200.5", "s"],
  ["1706695200000", "ms"],
  ["253402300799", "s"],
  ["1706695200000000", "us"],
  ["20240131", "date"],
  ["20241331", "s"],
  ["31/01/2024", "other"],
  ["2024-13-45", "other"],
  ["", "empty"],
])("the form of the time %j is %s", async (value, form) => {
  expect((await timesOf([value])).forms).toEqual({ [form]: 1 });
});

test("mixed forms: the most frequent is the unit, zones or not, and each is counted", async () => {
  const iso = ["2024-01-31T10:00:00Z", "2024-01-31T10:00:00", "2024-01-31T10:00:00+02:00"];
  expect(await timesOf([...iso, "1706695200", "1706695201", ""])).toEqual({
    unit: "iso",
    forms: { iso: 2, "iso-local": 1, s: 2, empty: 1 },
  });
});

test("dates written as numbers are no seconds of 1970; a few such numbers among seconds are seconds", async () => {
  const days = Array.from({ length: 9 }, (_, n) => String(20_240_101 + n));
  expect(await timesOf(days)).toEqual({ unit: undefined, forms: { date: 9 } });
  expect(await timesOf([...days, ...days.map((_, n) => String(20_250_000 + n))])).toEqual({
    unit: "s",
    forms: { s: 18 },
  });
});

test.each([
  ["one time alone", [7, 7, 7, 7, 7, 7, 7, 7, 7, 7], false],
  ["nearly all at the newest", [1, 7, 7, 7, 7, 7, 7, 7, 7, 7], false],
  ["nearly all at the oldest", [1, 1, 1, 1, 1, 1, 1, 1, 1, 7], false],
  ["one each", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], true],
])("times that a split by time can part: %s", async (_, times, expected) => {
  const csv = `t,u\n${times.map((time) => `${1.7e9 + time},u`).join("\n")}\nx,u\n`;
  const shares = { validation: 0.1, test: 0.1 };
  expect(await survey({ "e.csv": csv }, ["t"], (s) => s.canCut("t", { unit: "s", ...shares }))).toBe(
    expected,
  );
});

test("a column that is mostly no time has no unit", async () => {
  expect((await timesOf(["31/01/2024", "30/01/2024", "1706695200"])).unit).toBeUndefined();
});

test("types: spellings stay apart, rows without one are counted beside them", async () => {
  const rows = ["buy", "Buy", "buy", "", "buy "].map((type) => `u,${type}`);
  expect(await survey({ "e.csv": `u,type\n${rows.join("\n")}\n` }, ["type"], (s) => s.types("type"))).toEqual(
    {
      emptyCount: 1,
      values: [
        { value: "buy", count: 2 },
        { value: "Buy", count: 1 },
        { value: "buy ", count: 1 },
      ],
    },
  );
});

test.each([
  [50, 50],
  [51, undefined],
  [10_000, undefined],
])("a column with %d distinct values: %j of them are types", async (distinct, expected) => {
  const rows = Array.from({ length: distinct }, (_, n) => `u,t${n}`);
  const { values } = await survey({ "e.csv": `u,t\n${rows.join("\n")}\n,\n` }, ["t"], (s) => s.types("t"));
  expect(values?.length).toBe(expected);
});

test("ratings: range of the numbers, the rest counted", async () => {
  const csv = "u,r\na,1\na,4.5\na,\na,good\n";
  expect(await survey({ "e.csv": csv }, ["r"], (s) => s.ratings("r"))).toEqual({
    count: 2,
    otherCount: 2,
    otherExample: "good",
    min: 1,
    max: 4.5,
  });
});

test("a number that prepare takes for no rating is none here either", async () => {
  const csv = "u,r\na,1\na,5\na,1e13\na,NaN\n";
  expect(await survey({ "e.csv": csv }, ["r"], (s) => s.ratings("r"))).toMatchObject({ count: 2, max: 5 });
});

test("the core: repeats of pairs, and events left when it shrinks round by round", async () => {
  // The square a, b × x, y is a 2-core; c hangs on it by z, which then falls.
  const rows = ["a,x", "a,x", "a,y", "b,x", "b,y", "c,x", "c,z", ",x", "d,"];
  const csv = `u,i\n${rows.join("\n")}\n`;
  const measure = (minimum?: number) =>
    survey({ "e.csv": csv }, ["u", "i"], (s) =>
      s.core({ user: "u", item: "i", ...(minimum !== undefined && { minimum }) }),
    );
  expect(await measure()).toEqual({
    eventCount: 7,
    userCount: 3,
    itemCount: 3,
    pairCount: 6,
    repeatedPairCount: 1,
    left: 7,
  });
  expect([(await measure(1)).left, (await measure(2)).left, (await measure(3)).left]).toEqual([7, 5, 0]);
});

test("the core of some types and ratings alone", async () => {
  const csv = "u,i,t,r\na,x,buy,5\na,x,buy,1\na,y,view,5\nb,x,it's,5\n";
  const columns = ["u", "i", "t", "r"];
  const count = (options: object) =>
    survey({ "e.csv": csv }, columns, async (s) => {
      return (await s.core({ user: "u", item: "i", ...options })).eventCount;
    });
  expect(await count({ types: { column: "t", values: ["buy", "it's"] } })).toBe(3);
  expect(await count({ rated: { column: "r", least: 4 } })).toBe(3);
});

test("an items file: matches by column, and what the others hold", async () => {
  const files = {
    "e.csv": "u,i\na,1\na,2\nb,3\nb,1\n,\n",
    "items.csv": "id,code,tags,price\n1,x,a|b,3\n2,3,c,\n9,y,,4.5\n",
  };
  const found = await survey(files, ["u", "i"], (s, dir) =>
    s.items({ item: "i", path: join(dir, "items.csv"), ids: ["id", "code"], describe: ["tags", "price"] }),
  );
  expect(found).toEqual({
    rowCount: 3,
    itemCount: 3,
    matched: [2, 1],
    columns: [
      {
        name: "tags",
        filledCount: 2,
        distinctCount: 2,
        numberCount: 0,
        nulCount: 0,
        separated: { "|": 1, ";": 0, ",": 0 },
      },
      {
        name: "price",
        filledCount: 2,
        distinctCount: 2,
        numberCount: 2,
        nulCount: 0,
        separated: { "|": 0, ";": 0, ",": 0 },
      },
    ],
  });
});

test("an items file with broken rows is refused, as prepareDataset refuses it", async () => {
  const files = { "e.csv": "u,i\na,1\n", "items.csv": "id,title\n1,A\n2\n" };
  const found = survey(files, ["u", "i"], (s, dir) =>
    s.items({ item: "i", path: join(dir, "items.csv"), ids: ["id"], describe: [] }),
  );
  await expect(found).rejects.toMatchObject({ code: "DATA_BAD_ROWS" });
});

test("a dirty file is surveyed without its broken rows, and a quote that is never closed swallows nothing", async () => {
  const lines = ["u,i", "a,x", '"b,y', "c,y,z", "d", 'e,"x"y', 'f,"q,r"', 'g,h"i', "k,x"];
  const latin1 = Buffer.from("caf\xe9,x\n", "latin1");
  const dirty = Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n`), latin1, Buffer.from("l,y")]);
  const found = await survey({ "e.csv": dirty }, ["u", "i"], async (s) => [
    s.isComplete,
    (await s.types("u")).values?.map(({ value }) => value).sort(),
    (await s.types("i")).values?.map(({ value }) => value).sort(),
  ]);
  expect(found).toEqual([false, ["a", "f", "g", "k", "l"], ['h"i', "q,r", "x", "y"]]);
});

test("a dirty JSON Lines file is surveyed without its broken lines", async () => {
  const text = '{"u":"a","i":1}\n{"u":"b","i":\n"c"\n{"u":"d"}\n{"u":"e","i"';
  const found = await survey({ "e.jsonl": text }, ["u", "i"], async (s) => [s.rowCount, s.isComplete]);
  expect(found).toEqual([2, false]);
});

test("a whole file is complete, line ends in quotes and all, and nothing stays in the temporary folder", async () => {
  using temporary = createProject({});
  vi.stubEnv("TMPDIR", temporary.dir);
  vi.stubEnv("TEMP", temporary.dir);
  try {
    const found = await survey({ "e.csv": 'u,i\na,"two\nlines"\n' }, ["i"], async (s) => {
      return [s.rowCount, s.isComplete, temporary.list().length > 0];
    });
    expect(found).toEqual([1, true, true]);
    expect(temporary.list()).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("a file whose every row is broken is refused with what is wrong and the first of them", async () => {
  await expect(survey({ "e.csv": "u,i\na\nb,c,d\n" }, ["u"], async () => {})).rejects.toMatchObject({
    code: "DATA_MALFORMED",
    message: expect.stringContaining(
      "none of its rows can be used; wrong number of columns (the header has 2), such as line 2: a",
    ),
  });
});

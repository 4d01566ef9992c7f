// Files that init once took for something else than they are, or of which it wrote a config that prepare refuses.
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFolder, type Folder } from "../testing/terminal.ts";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => folder.remove());

const rows = (count: number, row: (n: number) => string) => Array.from({ length: count }, (_, n) => row(n));
/** 20 users on 15 items. */
const pair = (n: number) => `u${(n * 7) % 20},p${(n * 11) % 15}`;
const csv = (header: string, lines: readonly string[]) => `${[header, ...lines].join("\n")}\n`;
const eventsOf = (count: number, last: (n: number) => string | number, column: string) =>
  csv(
    `user,item,${column}`,
    rows(count, (n) => `${pair(n)},${last(n)}`),
  );

interface Settings {
  readonly events: { readonly columns: object; readonly timeUnit?: string };
  readonly rules: { readonly eventWeights?: object };
  readonly split: { readonly kind: string };
  readonly items?: { readonly features: object; readonly show: readonly string[] };
}

/** Runs `init`, and `prepare` on its config. */
async function initAndPrepare(...argv: string[]): Promise<{ text: string; data: Settings }> {
  const { code, text } = await folder.attune("init", ...argv);
  expect(code, text).toBe(0);
  const prepared = await folder.attune("prepare");
  expect(prepared.code, prepared.text).toBe(0);
  const { data } = JSON.parse(readFileSync(path.join(folder.dir, "attune.config.json"), "utf8"));
  return { text, data };
}

/** Runs `init` where it must fail. */
async function refuse(...argv: string[]): Promise<string> {
  const { code, json, text } = await folder.attune("init", ...argv);
  expect(code, text).toBe(1);
  return (json as { error: { message: string } }).error.message;
}

describe("times", () => {
  test("one time for all rows is no column of times, so that prepare has something to split by", async () => {
    folder.write(
      "events.csv",
      eventsOf(300, () => 1.7e9, "ts"),
    );
    const { text, data } = await initAndPrepare();
    expect(text).toContain('ts is not taken as the time: every value is "1700000000"');
    expect(data.split.kind).toBe("random");
  });

  test("nearly all rows at the newest time: the split is random, and said to be a guess", async () => {
    folder.write(
      "events.csv",
      eventsOf(300, (n) => (n < 30 ? `2024-01-${10 + n / 3}`.slice(0, 10) : "2024-03-01"), "date"),
    );
    const { text, data } = await initAndPrepare();
    expect(data.events.timeUnit).toBe("iso");
    expect(data.split.kind).toBe("random");
    expect(text).toContain("the times in date are too few to judge models on the newest events");
  });

  test("dates written as numbers are not read as seconds of 1970", async () => {
    folder.write(
      "events.csv",
      eventsOf(300, (n) => 20_240_101 + (n % 28), "date"),
    );
    const { text, data } = await initAndPrepare();
    expect(data.events.columns).toEqual({ user: "user", item: "item" });
    expect(text).toContain(
      'date is not taken as the time: its values are dates written as numbers, such as "2024',
    );
  });

  test("milliseconds among seconds are bad rows, not times of the year 55,000", async () => {
    folder.write(
      "events.csv",
      eventsOf(300, (n) => (1.7e9 + n) * (n % 10 ? 1 : 1000), "ts"),
    );
    const { text } = await folder.attune("init");
    expect(text).toContain("30 of 300 rows (10 %) cannot be used");
    expect(text).toContain("not a time in epoch seconds, such as line 2: 1700000000000");
  });

  test("seconds among milliseconds are said to be read as times of 1970", async () => {
    folder.write(
      "events.csv",
      eventsOf(300, (n) => (1.7e9 + n) * (n % 10 ? 1000 : 1), "ts"),
    );
    const { text } = await initAndPrepare();
    expect(text).toContain(
      "epoch seconds are taken for milliseconds, which makes them times of 1970: mend them",
    );
  });

  test("the table says from when to when the times are, and numbers of days are called a guess", async () => {
    folder.write(
      "events.csv",
      eventsOf(300, (n) => 1.7e9 + n * 86_400, "ts"),
    );
    expect((await initAndPrepare()).text).toContain("epoch seconds; 2023-11-14 to 2024-09-08");
    folder.write(
      "events.csv",
      eventsOf(300, (n) => 1 + n, "day"),
    );
    const { text } = await initAndPrepare("--force");
    expect(text).toContain("day is a guess: read as epoch seconds its times end on 1970-01-01");
  });

  test("half times, half not: the message counts both, and does not call what can be read unreadable", async () => {
    folder.write(
      "events.csv",
      eventsOf(300, (n) => (n % 2 ? "2024-01-31" : "2024-02-30"), "date"),
    );
    expect((await initAndPrepare()).text).toContain(
      'its values are 150 ISO 8601 without a zone (read as UTC), 150 no time, such as "2024-02-30"',
    );
  });
});

test("ratings with a decimal comma are shown, with what they need", async () => {
  folder.write(
    "events.csv",
    eventsOf(300, (n) => `"${n % 5},5"`, "rating"),
  );
  expect((await initAndPrepare()).text).toContain(
    '300 of 300 rows have no number in it, such as "0,5" (decimals need a point)',
  );
});

test("an event type with U+0000 does not break the engine's query, and a long one does not fill the screen", async () => {
  const long = "x".repeat(3000);
  folder.write(
    "events.csv",
    eventsOf(300, (n) => ["view", "view\0", long][n % 3]!, "type"),
  );
  const { text, data } = await initAndPrepare();
  expect(Object.keys(data.rules.eventWeights ?? {}).sort()).toEqual(["view", "view\0", long]);
  expect(text).not.toContain("x".repeat(100));
});

test("ids that are objects are said to be taken by their text", async () => {
  const line = (n: number) => JSON.stringify({ user: { id: `u${(n * 7) % 20}` }, item: `p${(n * 11) % 15}` });
  folder.write("events.jsonl", `${rows(300, line).join("\n")}\n`);
  expect((await initAndPrepare("--events", "events.jsonl")).text).toContain(
    'user holds lists or objects, such as {"id":"u0"}, and just this text is taken as the user\'s id',
  );
});

test("whole numbers that an export wrote as decimals are said to be other ids", async () => {
  folder.write(
    "events.csv",
    csv(
      "user,item",
      rows(300, (n) => `${(n * 7) % 20}.0,${(n * 11) % 15}`),
    ),
  );
  expect((await initAndPrepare()).text).toContain(
    "user holds decimal numbers, such as 0.0, and just this text",
  );
});

describe("items", () => {
  const items = (header: string, row: (n: number) => string) => csv(header, rows(15, row));
  beforeEach(() => folder.write("events.csv", csv("user,item", rows(300, pair))));

  test("columns that differ in case alone, or are called like stored ones, make no invalid config", async () => {
    const row = (n: number) => `p${n},T${n},a${n % 2},b${n % 2},c${n % 2}`;
    folder.write("items.csv", items("item,name,Category,category,Title", row));
    const { data } = await initAndPrepare("--items", "items.csv");
    expect(Object.keys(data.items?.features ?? {})).toEqual(["Category"]);
  });

  test("a column with U+0000 is no feature, since prepare refuses it", async () => {
    folder.write(
      "items.csv",
      items("item,title,category,brand", (n) => `p${n},T${n},c${n % 2}${n ? "" : "\0"},b${n % 2}`),
    );
    expect(Object.keys((await initAndPrepare()).data.items?.features ?? {})).toEqual(["brand"]);
  });

  test("a name twice is refused where it is the title, and no hindrance elsewhere", async () => {
    folder.write(
      "items.csv",
      items("item,title,x,x", (n) => `p${n},T${n},1,2`),
    );
    expect((await initAndPrepare()).data.items).toBeDefined();
    folder.write(
      "items.csv",
      items("item,title,title", (n) => `p${n},T${n},2`),
    );
    expect(await refuse("--force", "--items", "items.csv")).toContain(
      "the header names title more than once",
    );
  });

  test("the events file as its own items file: what an event says is no feature of its item", async () => {
    folder.write(
      "events.csv",
      csv(
        "user,item,title",
        rows(300, (n) => `${pair(n)},T${(n * 11) % 15}`),
      ),
    );
    const { data } = await initAndPrepare("--items", "events.csv");
    expect(data.items).toMatchObject({ features: {}, show: [] });
  });

  test("another file of events beside the events is not taken for the items", async () => {
    folder.write(
      "orders.csv",
      csv(
        "user,item,title",
        rows(300, (n) => `${pair(n)},T${(n * 11) % 15}`),
      ),
    );
    const { text, data } = await initAndPrepare();
    expect(data.items).toBeUndefined();
    expect(text).toContain("orders.csv has many rows of each item, as a list of events has");
  });

  test("titles that are missing are counted", async () => {
    folder.write(
      "items.csv",
      items("item,title", (n) => `p${n},${n % 3 ? `T${n}` : ""}`),
    );
    expect((await initAndPrepare()).text).toContain("; 5 of its 15 rows have no title");
  });
});

describe("what to type next", () => {
  test("is a command that works: the options that were given, and a limit where the default is too low", async () => {
    const lines = rows(300, (n) => `u${(n * 7) % 20},p${(n * 11) % 15},${n % 8 ? 1.7e9 + n : "never"}`);
    folder.write("events.csv", csv("who,what,when", lines));
    const options = ["--name", "my shop", "--user", "who", "--item", "what", "--time", "when"];
    const { text } = await folder.attune("init", ...options);
    const command =
      'attune init --events events.csv --name "my shop" --user who --item what --time when --bad-rows skip --max-bad-rows 0.13 --force';
    expect(text).toContain(`or leave them out: ${command}`);
    await initAndPrepare(...options, "--bad-rows", "skip", "--max-bad-rows", "0.13", "--force");
  });

  test("is not to leave out most of the file", async () => {
    const line = (n: number) => `${JSON.stringify({ user: n % 20, item: n % 15 })},`;
    folder.write("events.jsonl", `${rows(30, line).join("\n")}\n{"user":1,"item":2}\n`);
    const { text } = await folder.attune("init", "--events", "events.jsonl");
    expect(text).toContain("30 of 31 rows (97 %) cannot be used");
    expect(text).toContain("Next: see whether the file is what init takes it for");
    expect(text).not.toContain("--bad-rows skip");
  });

  test("quotes a name that a shell would read otherwise", async () => {
    folder.write(
      "it's $5.csv",
      eventsOf(300, (n) => (n % 50 ? 1.7e9 + n : "never"), "ts"),
    );
    const { text } = await folder.attune("init", "--events", "it's $5.csv");
    expect(text).toContain(`attune init --events 'it'\\''s $5.csv' --bad-rows skip --force`);
  });
});

test("a file that is missing: what to check, whether a command or a config names it", async () => {
  const message = await refuse("--events", "nothing.csv");
  expect(message).toContain("one on the command line starts in the current folder");
  expect(message).toContain("one under `data` in the config starts in the config's");
});

test("a compressed file or UTF-16 is called so before its bytes are taken for columns", async () => {
  const text = csv("user;item", rows(30, pair));
  folder.write("a.csv", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]));
  expect(await refuse("--events", "a.csv")).toContain("it is compressed (gzip); unpack it first");
  folder.write("b.csv", Buffer.from(`\ufeff${text}`, "utf16le"));
  expect(await refuse("--events", "b.csv")).toContain("iconv -f utf-16 -t utf-8");
});

// `attune init` as a shop's engineer meets it: real files in, a config out that every later step accepts as it is.
import { cpSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createInitFolder, type InitFolder, shopRows, timeOf } from "./testing/init-folder.ts";

let folder: InitFolder;
beforeEach(() => {
  folder = createInitFolder();
});
afterEach(() => folder.remove());

const example = path.resolve(import.meta.dirname, "../../../examples/movielens");

describe("MovieLens", () => {
  test("columns, unit, what a like is, and the films found beside the ratings; prepare runs on it", async () => {
    for (const name of ["ratings.csv", "movies.csv"]) {
      cpSync(path.join(example, name), path.join(folder.dir, name));
    }
    const { json, text } = await folder.init("--events", "ratings.csv", "--name", "My films!");
    expect(json).toMatchObject({
      config: folder.configFile,
      columns: { user: "userId", item: "movieId", rating: "rating", time: "timestamp" },
      guessed: true,
    });
    const { name, data } = folder.readConfig();
    expect(name).toBe("my-films");
    expect(data).toMatchObject({
      events: { path: "ratings.csv", timeUnit: "s" },
      items: {
        path: "movies.csv",
        columns: { item: "movieId", title: "title" },
        show: ["genres"],
        features: { genres: { kind: "set", separator: "|" } },
      },
      rules: { minRating: 4, repeats: "drop", minUserEvents: 5, minItemEvents: 5 },
      split: { kind: "global-time" },
    });
    expect(text).toContain("an item rated 4 or more is taken as liked");
    expect(text).toContain("movies.csv names 100 % of the items");
    expect(json.guesses.map(({ setting }) => setting)).toEqual([
      "data.rules.minRating",
      "data.items",
      "data.items.features",
    ]);
    expect(text).toMatch(/Next: attune quickstart$/);
    expect((await folder.attune("prepare")).code).toBe(0);
  });
});

describe("event types", () => {
  const types = ["view", "View", "add-to-cart", "Buy", "buy ", "removeFromCart", "newsletter"];

  test("every value is listed with a weight, two spellings with the same, said as a guess; prepare runs", async () => {
    const rows = shopRows(3000, (n, user, item) => `${user},${item},${types[n % 7]},${timeOf(n)}`);
    folder.write("events.csv", `customer-id,Product ID,eventType,created_at\n${rows}`);
    const { json, text } = await folder.init();
    expect(json.columns).toEqual({
      user: "customer-id",
      item: "Product ID",
      type: "eventType",
      time: "created_at",
    });
    expect(folder.readConfig().data.rules.eventWeights).toEqual({
      view: 1,
      View: 1,
      "add-to-cart": 3,
      Buy: 5,
      "buy ": 5,
      removeFromCart: 0,
      newsletter: 1,
    });
    expect(text).toContain("weights are a guess");
    expect(text).toContain("change them under data.rules.eventWeights");
    expect(text).toContain('"buy " 5 (428 rows)');
    await folder.expectPrepared({ users: 40, items: 30 });
  });

  test("a column with 10,000 distinct values is no column of types, and it says so", async () => {
    const rows = shopRows(10_000, (n, user, item) => `${user},${item},t${n}`);
    folder.write("events.csv", `user,item,type\n${rows}`);
    const { json, text } = await folder.init();
    expect(json.columns).toEqual({ user: "user", item: "item" });
    expect(text).toContain("type is not taken as the type: it has more than 50 distinct values");
    await folder.expectPrepared({ users: 40, items: 30 });
    const named = await folder.refuse("--force", "--type", "type");
    expect(named.code).toBe("CLI_COLUMNS");
    expect(named.message).toContain("--type type: it has more than 50 distinct values");
  });
});

describe("times", () => {
  test.each([
    ["e.jsonl", '{"user":1,"item":2,"ts":1700000000000}\n', "ms"],
    ["e.jsonl", '{"user":1,"item":"a, b","ts":1700000000}\n', "s"],
    ["e.csv", 'user,item,time\n1,"a, b",1700000000000\n', "ms"],
    ["e.TSV", "user\titem\tdate\n1\ta, b\t2024-01-01\n", "iso"],
    ["e.csv", "user,item,event_time\n1,2,2024-01-01 10:00:00 UTC\n", "iso"],
    ["e.csv", "user,item,event_time\n1,2,2024-01-01T10:00:00+0200\n", "iso"],
  ])("the unit in %s: %j", async (name, text, timeUnit) => {
    folder.write(name, text);
    await folder.init("--events", name);
    expect(folder.readConfig().data.events).toMatchObject({ timeUnit });
  });

  test("zones may be mixed, and prepare reads them all", async () => {
    const forms = [
      (n: number) => timeOf(n),
      (n: number) => timeOf(n).replace("Z", "+02:00"),
      (n: number) => timeOf(n).replace("Z", "+0200"),
      (n: number) => timeOf(n).replace("T", " ").replace(".000Z", " UTC"),
      (n: number) => timeOf(n).replace("Z", ""),
    ];
    const rows = shopRows(2000, (n, user, item) => `${user},${item},${forms[n % 5]!(n)}`);
    folder.write("events.csv", `user,item,time\n${rows}`);
    const { text } = await folder.init();
    expect(text).toContain("1,600 ISO 8601 with a zone");
    expect(text).toContain("400 ISO 8601 without a zone (read as UTC)");
    await folder.expectPrepared({ users: 40, items: 30 });
  });

  test("mixed forms are said with their counts", async () => {
    const rows = shopRows(1000, (n, user, item) => `${user},${item},${n % 4 ? 1.7e9 + n : timeOf(n)}`);
    folder.write("events.csv", `user,item,time\n${rows}`);
    const { text } = await folder.init();
    expect(folder.readConfig().data.events.timeUnit).toBe("s");
    expect(text).toContain(
      "time mixes forms of times: 750 epoch seconds, 250 ISO 8601 with a zone. It is read as epoch seconds",
    );
  });

  test("a column that is no time is left out, and the order of the file takes its place", async () => {
    folder.write("events.csv", `user,item,date\n${shopRows(500, (_, u, i) => `${u},${i},31/12/2024`)}`);
    const { json, text } = await folder.init();
    expect(json.columns).toEqual({ user: "user", item: "item" });
    expect(text).toContain('date is not taken as the time: its values are no time, such as "31/12/2024"');
    expect(text).toContain("the order of the file is taken as the order of events");
    expect(folder.readConfig().data.split).toMatchObject({ kind: "random" });
  });
});

describe("rules", () => {
  test.each([
    ["1 to 5", (n: number) => 1 + (n % 5), 4],
    ["0.5 to 5", (n: number) => 0.5 + (n % 10) / 2, 4],
    ["1 to 10", (n: number) => 1 + (n % 10), 7],
    ["1 to 100", (n: number) => 1 + (n % 100), undefined],
  ])("ratings from %s: what a like is", async (range, rating, minRating) => {
    folder.write("events.csv", `user,item,rating\n${shopRows(500, (n, u, i) => `${u},${i},${rating(n)}`)}`);
    const { text } = await folder.init();
    expect(folder.readConfig().data.rules.minRating).toBe(minRating);
    expect(text.toLowerCase()).toContain(`ratings run from ${range}`);
    if (minRating === undefined) expect(text).toContain("every rating counts as a like");
  });

  test("a column of ratings that is constant or mostly empty is left out, so that prepare runs", async () => {
    folder.write(
      "events.csv",
      `user,item,rating,stars\n${shopRows(900, (n, u, i) => `${u},${i},3,${n % 3 ? "" : 4}`)}`,
    );
    const { json, text } = await folder.init();
    expect(json.columns).toEqual({ user: "user", item: "item" });
    expect(text).toContain("rating is not taken as the rating: every value is 3");
    expect(text).toContain("stars is not taken as the rating: 600 of 900 rows have no number in it");
    await folder.expectPrepared({ users: 40, items: 30 });
  });

  test("things that are bought again may be recommended again; a change of mind is no repeat", async () => {
    folder.write("events.csv", `user,item\n${shopRows(2500, (_, u, i) => `${u},${i}`)}`);
    expect((await folder.init()).text).toContain("may be recommended again");
    expect(folder.readConfig().data.rules.repeats).toBe("keep");
    folder.write("events.csv", `user,item,rating\n${shopRows(2500, (n, u, i) => `${u},${i},${n % 6}`)}`);
    await folder.init("--force");
    expect(folder.readConfig().data.rules.repeats).toBe("drop");
  });

  test("views that come back are no purchases that come back", async () => {
    const type = (n: number) => (n < 100 ? "purchase" : "view");
    folder.write("events.csv", `user,item,type\n${shopRows(2500, (n, u, i) => `${u},${i},${type(n)}`)}`);
    await folder.init();
    expect(folder.readConfig().data.rules.repeats).toBe("drop");
  });

  test("sparse events get lower bounds, said with the figures; prepare runs on it", async () => {
    // Most people have three things, 60 have twelve.
    const rows = Array.from({ length: 1000 }, (_, u) =>
      Array.from(
        { length: u < 20 ? 12 : 3 },
        (_, n) => `u${u},i${(u * 13 + n * 7) % 400},${1.7e9 + ((u * 997 + n * 31) % 5000)}`,
      ),
    ).flat();
    folder.write("events.csv", `user,item,ts\n${rows.join("\n")}\n`);
    const { text } = await folder.init();
    expect(folder.readConfig().data.rules).toMatchObject({ minUserEvents: 2, minItemEvents: 2 });
    expect(text).toMatch(/few events are of people with 5 items and items with 5 people \(.* %\): 2 of each/);
    const { code, text: prepared } = await folder.attune("prepare");
    expect(code, prepared).toBe(0);
  });
});

describe("items", () => {
  const events = `user,item\n${shopRows(1000, (_, u, i) => `${u},${i}`)}`;
  const products = (count: number) =>
    Array.from({ length: count }, (_, n) => `p${n},${n % 2 ? "" : `Thing ${n}`},kind ${n % 3},${n}.5,x${n}`);
  const productHeader = "product_id,name,category,price,notes";

  test("found by its ids, though half of the titles are missing; prepare runs on it", async () => {
    folder.write("events.csv", events);
    folder.write("unrelated.csv", "id,title\nzz,Nothing\n");
    folder.write("broken.csv", 'id,title\n"zz,Nothing\na,b,c\n');
    folder.write("products.csv", `${productHeader}\n${products(24).join("\n")}\n`);
    const { text } = await folder.init();
    expect(folder.readConfig().data.items).toMatchObject({
      path: "products.csv",
      columns: { item: "product_id", title: "name" },
      show: ["category"],
      features: { category: { kind: "category" }, price: { kind: "number" } },
    });
    expect(text).toContain("products.csv names 80 % of the items (ids in product_id, titles in name)");
    const prepared = await folder.attune("prepare");
    expect(prepared.code, prepared.text).toBe(0);
    expect(prepared.text).toContain("12 items with a row but no title in products.csv");
  });

  test("a file that names few of the items is not taken unless it is given", async () => {
    folder.write("events.csv", events);
    folder.write("products.csv", `${productHeader}\n${products(6).join("\n")}\n`);
    expect((await folder.init()).text).toContain(
      "products.csv names only 20 % of the items and is not taken",
    );
    expect(folder.readConfig().data.items).toBeUndefined();
    await folder.init("--force", "--items", "products.csv");
    expect(folder.readConfig().data.items?.path).toBe("products.csv");
  });

  test("a list of people or kinds whose numbers are those of items is not taken for the items", async () => {
    const listOf = (count: number) => Array.from({ length: count }, (_, n) => `${n},Name ${n}`).join("\n");
    folder.write("events.csv", `user,item\n${shopRows(1000, (_, u, i) => `${u.slice(1)},${i.slice(1)}`)}`);
    folder.write("customers.csv", `id,name\n${listOf(40)}\n`);
    await folder.init();
    expect(folder.readConfig().data.items).toBeUndefined();
    folder.write("kinds.csv", `id,name\n${listOf(30)}\n`);
    folder.write("things.csv", `item_id,name\n${listOf(24)}\n`);
    await folder.init("--force");
    expect(folder.readConfig().data.items).toMatchObject({
      path: "things.csv",
      columns: { item: "item_id" },
    });
  });

  test("a given file that does not fit is refused with what was looked for and found", async () => {
    folder.write("events.csv", events);
    folder.write("other.csv", "code,colour\nzz,red\nyy,blue\n");
    const { code, message } = await folder.refuse("--items", "other.csv");
    expect(code).toBe("CLI_ITEMS_FILE");
    expect(message).toContain("looked in code, colour for the 30 ids that the events have in item");
    expect(message).toContain("looked for a column with the title");
    expect(message).toContain("Its columns are code, colour");
    expect((await folder.refuse("--items", "nothing.csv")).code).toBe("DATA_FILE_NOT_FOUND");
  });

  test("a given file whose id column has a name of its own is found by its values", async () => {
    folder.write("events.csv", events);
    folder.write(
      "names.tsv",
      `label\tkennung\n${products(30)
        .map((row, n) => `T${n}\t${row.split(",")[0]}`)
        .join("\n")}\n`,
    );
    await folder.init("--items", "names.tsv");
    expect(folder.readConfig().data.items).toMatchObject({ columns: { item: "kennung", title: "label" } });
  });
});

describe("columns", () => {
  test("one that cannot be told is refused with the columns and the options; naming it is enough", async () => {
    folder.write("e.csv", "who,item\n1,2\n");
    const { code, message } = await folder.refuse("--events", "e.csv");
    expect(code).toBe("CLI_COLUMNS");
    expect(message).toContain("no column looks like the user");
    expect(message).toContain("Its columns are who, item");
    expect(message).toContain("--user COLUMN --item COLUMN");
    expect((await folder.init("--events", "e.csv", "--user", "who")).json.columns).toEqual({
      user: "who",
      item: "item",
    });
  });

  test("a first column without a name, as row numbers have, is no sign of a missing header", async () => {
    folder.write("e.csv", ",who,item\n0,1,2\n");
    expect((await folder.refuse("--events", "e.csv")).code).toBe("CLI_COLUMNS");
    folder.write("e.csv", ",user,item\n0,1,2\n");
    expect((await folder.init("--events", "e.csv")).json.columns).toEqual({ user: "user", item: "item" });
  });

  test("options that name nothing, or one column twice, are refused together", async () => {
    folder.write("e.csv", "user,item,x\n1,2,3\n");
    const { message } = await folder.refuse(
      "--events",
      "e.csv",
      "--user",
      "x",
      "--item",
      "x",
      "--time",
      "when",
    );
    expect(message).toContain("--time when: there is no such column");
    expect(message).toContain("--user x: another role has this column");
    expect(message).toContain("--item x: another role has this column");
  });

  test("columns separated by semicolons are recognised as such", async () => {
    folder.write("e.csv", '"User-ID";"ISBN";"Book-Rating"\n"1";"2";"3"\n');
    expect((await folder.refuse("--events", "e.csv")).message).toContain(
      'its one column holds ";": separate the columns by commas',
    );
  });

  test("a name that is only likely is used and said to be a guess", async () => {
    folder.write("e.csv", "author,title\n1,2\n");
    const { json, text } = await folder.init("--events", "e.csv");
    expect(json.columns).toEqual({ user: "author", item: "title" });
    expect(text).toContain(
      "author is taken as the user (no column is called like one); name another with --user COLUMN",
    );
  });
});

describe("a file", () => {
  test.each([
    ["that is not there", undefined, "DATA_FILE_NOT_FOUND"],
    ["of nothing", "", "DATA_NO_ROWS"],
    ["of a header alone", "user,item,time\n", "DATA_NO_ROWS"],
    ["of one row and no header", "u1,i1,1700000000\n", "DATA_NO_HEADER"],
    ["of rows and no header", "u1,i1,4.5\nu2,i2,3\n", "DATA_NO_HEADER"],
    ["whose every row is broken", "user,item\na\nb,c,d\n", "DATA_MALFORMED"],
  ])("%s is refused", async (_, text, code) => {
    if (text !== undefined) folder.write("events.csv", text);
    expect((await folder.refuse()).code).toBe(code);
  });

  test("a TSV, and the same rows as JSON Lines and Parquet, give the same columns and rules", async () => {
    const rows = Array.from(
      { length: 600 },
      (_, n) => [`u${n % 30}`, `i${(n * 7) % 23}`, 1.7e9 + n] as const,
    );
    folder.write("e.tsv", `user\titem\ttime\n${rows.map((row) => row.join("\t")).join("\n")}\n`);
    folder.write(
      "e.jsonl",
      rows.map(([user, item, at]) => JSON.stringify({ user, item, time: at })).join("\n"),
    );
    const configs: object[] = [];
    for (const name of ["e.tsv", "e.jsonl"]) {
      await folder.init("--force", "--events", name);
      const { events, ...data } = folder.readConfig().data;
      configs.push({ ...data, events: { ...events, path: "" } });
      await folder.expectPrepared({ users: 30, items: 23 });
    }
    expect(configs[1]).toEqual(configs[0]);
    const datasets = path.join(folder.dir, ".attune/datasets");
    const stored = path.join(datasets, readdirSync(datasets)[0]!);
    const parquet = readdirSync(stored).find((name) => name.endsWith(".parquet") && name.includes("users"))!;
    cpSync(path.join(stored, parquet), path.join(folder.dir, "u.parquet"));
    const { json } = await folder.init("--force", "--events", "u.parquet", "--item", "user_index");
    expect(json.columns).toMatchObject({ user: "user_id", item: "user_index" });
  });

  test("in another folder is named relative to the config", async () => {
    mkdirSync(path.join(folder.dir, "data/raw"), { recursive: true });
    folder.write("data/raw/e.csv", `user,item\n${shopRows(900, (_, u, i) => `${u},${i}`)}`);
    folder.write(
      "data/raw/items.csv",
      `item,title\n${Array.from({ length: 30 }, (_, n) => `p${n},P${n}`).join("\n")}\n`,
    );
    await folder.init("--events", path.join(folder.dir, "data/raw/e.csv"));
    expect(folder.readConfig().data).toMatchObject({
      events: { path: "data/raw/e.csv" },
      items: { path: "data/raw/items.csv" },
    });
    await folder.expectPrepared({ users: 40, items: 30 });
  });
});

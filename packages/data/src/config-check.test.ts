import { expect, test } from "vitest";
import { checkDataConfig } from "./config-check.ts";
import { parseData } from "./testing/project.ts";

const check = (input: object) => () => checkDataConfig(parseData(input));
const code = (expected: string, details: object) =>
  expect.objectContaining({ code: expected, details: expect.objectContaining(details) });
const full = { user: "u", item: "i", rating: "r", time: "t", type: "k" };

test("takes a config with everything it needs", () => {
  const rules = { minRating: 3, weightByRating: true, eventWeights: { buy: 2 }, halfLifeDays: 30 };
  const items = { path: "i.csv", columns: { item: "i", title: "title" }, show: ["genres", "year"] };

  expect(check({ events: { path: "e.csv", columns: full }, items, rules })).not.toThrow();
});

test("names every setting that lacks its column", () => {
  const rules = { minRating: 3, weightByRating: true, eventWeights: { buy: 2e12 }, halfLifeDays: 30 };

  const split = { kind: "global-time" };

  expect(check({ events: { path: "e.csv", columns: { user: "u", item: "i" } }, rules, split })).toThrow(
    code("CONFIG_INVALID", {
      issues: [
        "data.rules.minRating: needs a column for data.events.columns.rating",
        "data.rules.weightByRating: needs a column for data.events.columns.rating",
        "data.rules.eventWeights: needs a column for data.events.columns.type",
        "data.rules.halfLifeDays: needs a column for data.events.columns.time",
        "data.split.kind global-time: needs a column for data.events.columns.time",
        "data.rules.eventWeights.buy: at most 1000000000000",
      ],
    }),
  );
});

test("names every column of the items that is taken", () => {
  const items = {
    path: "i.csv",
    columns: { item: "i", title: "t" },
    show: ["Title", "year", "Year", "id"],
    features: { genre: { kind: "set" }, Genre: { kind: "text" } },
  };

  expect(check({ events: { path: "e.csv", columns: full }, items })).toThrow(
    code("CONFIG_INVALID", {
      issues: [
        'data.items.show: "Title" is taken; rename it in the file',
        'data.items.show: "Year" is taken; rename it in the file',
        'data.items.show: "id" is taken; rename it in the file',
        'data.items.features: "Genre" is taken; rename it in the file',
      ],
    }),
  );
});

test("takes a config without time and without a split", () => {
  expect(check({ events: { path: "e.csv", columns: { user: "u", item: "i" } } })).not.toThrow();
});

test.each([
  [
    "one instant alone",
    { kind: "global-time", testFrom: "2024-02-01T00:00:00Z" },
    ["data.split.testFrom: needs data.split.validationFrom"],
  ],
  [
    "the other instant alone",
    { kind: "global-time", validationFrom: "2024-02-01T00:00:00Z" },
    ["data.split.validationFrom: needs data.split.testFrom"],
  ],
  [
    "instants in the wrong order, in different zones",
    {
      kind: "global-time",
      validationFrom: "2024-02-01T00:00:00Z",
      testFrom: "2024-02-01T01:00:00+02:00",
    },
    ["data.split.testFrom: must be later than data.split.validationFrom"],
  ],
  [
    "nothing that gives a split",
    { kind: "given" },
    [
      "data.split.testFile: needed, or data.split.column",
      "data.split.validationFile: needed, or data.split.carve, the share of train to take for it",
    ],
  ],
  [
    "a column and files",
    { kind: "given", column: "role", validationFile: "v.csv", testFile: "t.csv" },
    [
      "data.split.validationFile: a column says the roles already; give one or the other",
      "data.split.testFile: a column says the roles already; give one or the other",
    ],
  ],
  [
    "validation rows and a share to carve",
    { kind: "given", validationFile: "v.csv", testFile: "t.csv", carve: 0.1 },
    ["data.split.carve: data.split.validationFile has the validation rows already"],
  ],
  [
    "one file in two roles",
    { kind: "given", validationFile: "e.csv", testFile: "e.csv" },
    [
      "data.split.validationFile: e.csv is data.events.path too",
      "data.split.testFile: e.csv is data.split.validationFile too",
    ],
  ],
])("refuses a split of %s", (_, split, issues) => {
  expect(check({ events: { path: "e.csv", columns: full }, split })).toThrow(
    code("CONFIG_INVALID", { issues }),
  );
});

test("refuses one column for two parts, in events, items and users", () => {
  const mapped = (path: string, columns: readonly string[]) =>
    code("DATA_DUPLICATE_MAPPING", { path, columns });
  const events = { path: "e.csv", columns: full };
  const items = { path: "i.csv", columns: { item: "i", title: "name" } };

  expect(check({ events: { path: "e.csv", columns: { ...full, item: "u", type: "t" } } })).toThrow(
    mapped("e.csv", ["u: user and item", "t: time and type"]),
  );
  expect(check({ events, split: { kind: "given", column: "k" } })).toThrow(
    mapped("e.csv", ["k: type and split"]),
  );
  expect(check({ events, items: { ...items, columns: { item: "i", title: "i" } } })).toThrow(
    mapped("i.csv", ["i: item and title"]),
  );
  expect(check({ events, items: { ...items, show: ["name", "year", "year"] } })).toThrow(
    mapped("i.csv", ["name: title and show", "year: show and show"]),
  );
  expect(check({ events, items: { ...items, features: { i: { kind: "category" } } } })).toThrow(
    mapped("i.csv", ["i: item and feature"]),
  );
  const users = { path: "u.csv", columns: { user: "u" }, features: { u: { kind: "text" } } };
  expect(check({ events, users })).toThrow(mapped("u.csv", ["u: user and feature"]));
});

test("a column may be shown and be a feature, and a title may be one", () => {
  const items = {
    path: "i.csv",
    columns: { item: "i", title: "name" },
    show: ["genres"],
    features: { genres: { kind: "set" }, name: { kind: "text" } },
  };
  expect(check({ events: { path: "e.csv", columns: full }, items })).not.toThrow();
});

import { dataConfig } from "@attune/contracts/config";
import { expect, test } from "vitest";
import { checkDataConfig } from "./config-check.ts";

const check = (input: object) => () => checkDataConfig(dataConfig.parse(input));
const code = (expected: string, details: object) =>
  expect.objectContaining({ code: expected, details: expect.objectContaining(details) });
const full = { user: "u", item: "i", rating: "r", time: "t", type: "k" };

test("takes a config with everything it needs", () => {
  const rules = { minRating: 3, weightByRating: true, eventWeights: { buy: 2 }, halfLifeDays: 30 };
  const items = { path: "i.csv", columns: { item: "i", title: "title" }, extra: ["genres", "year"] };

  expect(check({ events: { path: "e.csv", columns: full }, items, rules })).not.toThrow();
});

test("names every setting that lacks its column", () => {
  const rules = { minRating: 3, weightByRating: true, eventWeights: { buy: 2e12 }, halfLifeDays: 30 };

  expect(check({ events: { path: "e.csv", columns: { user: "u", item: "i" } }, rules })).toThrow(
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

test("names every extra column of the items that is taken", () => {
  const items = {
    path: "i.csv",
    columns: { item: "i", title: "t" },
    extra: ["Title", "year", "Year", "item_id"],
  };

  expect(check({ events: { path: "e.csv", columns: full }, items })).toThrow(
    code("CONFIG_INVALID", {
      issues: [
        'data.items.extra[0]: "Title" is taken; rename it in the file',
        'data.items.extra[2]: "Year" is taken; rename it in the file',
        'data.items.extra[3]: "item_id" is taken; rename it in the file',
      ],
    }),
  );
});

test("refuses one column for two roles, in events and items", () => {
  const events = { path: "e.csv", columns: { ...full, item: "u", type: "t" } };
  expect(check({ events })).toThrow(
    code("DATA_DUPLICATE_MAPPING", { path: "e.csv", columns: ["u: user and item", "t: time and type"] }),
  );
  const items = { path: "i.csv", columns: { item: "i", title: "i" } };
  expect(check({ events: { path: "e.csv", columns: full }, items })).toThrow(
    code("DATA_DUPLICATE_MAPPING", { path: "i.csv", columns: ["i: item and title"] }),
  );
});

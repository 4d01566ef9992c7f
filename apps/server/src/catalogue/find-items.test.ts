import { isAttuneError } from "@attune/contracts";
import { expect, test } from "vitest";
import { findItems, parseItemsQuery } from "./find-items.ts";
import { createItemSearch } from "./item-search.ts";

const items = createItemSearch([
  { id: "1", title: "Toy Story" },
  { id: "2,3", title: "Story of a comma" },
  { id: "4", title: "Heat" },
]);

function find(raw: Record<string, string | string[]>) {
  const { items: found, unknown } = findItems(items, parseItemsQuery(raw));
  return { ids: found.map(({ id }) => id), unknown };
}

function issuesOf(raw: Record<string, string | string[]>): readonly string[] {
  try {
    parseItemsQuery(raw);
    return [];
  } catch (cause) {
    if (!isAttuneError(cause, "SERVER_QUERY_INVALID")) throw cause;
    return cause.details.issues;
  }
}

test("without parameters the first items, with a query those whose titles have its words", () => {
  expect(find({})).toEqual({ ids: ["1", "2,3", "4"], unknown: [] });
  expect(find({ query: "story", limit: "1" })).toEqual({ ids: ["1"], unknown: [] });
});

test("ids come in their order, repeated or as one list, and an id may hold a comma", () => {
  expect(find({ ids: ["4", "nobody", "1"] })).toEqual({ ids: ["4", "1"], unknown: ["nobody"] });
  expect(find({ ids: "4,nobody,1" })).toEqual({ ids: ["4", "1"], unknown: ["nobody"] });
  expect(find({ ids: "2,3" })).toEqual({ ids: ["2,3"], unknown: [] });
  expect(find({ ids: ["2,3", "1,4"] })).toEqual({ ids: ["2,3"], unknown: ["1,4"] });
});

test("an empty id is one that the table does not have", () => {
  expect(find({ ids: "" })).toEqual({ ids: [], unknown: [""] });
  expect(find({ ids: ["", "1"] })).toEqual({ ids: ["1"], unknown: [""] });
});

test("with ids and a query, it searches among those ids", () => {
  expect(find({ query: "story", ids: "4,1,nobody" })).toEqual({ ids: ["1"], unknown: ["nobody"] });
  expect(find({ query: "story", ids: ["2,3", "1"], limit: "1" })).toEqual({ ids: ["2,3"], unknown: [] });
});

test("every problem is listed", () => {
  expect(issuesOf({ query: ["a", "b"], limit: "0", ids: "a,".repeat(200), sort: "title" })).toEqual([
    "sort: unknown; known are query, limit, ids, model",
    "query: expected one text of at most 200 characters",
    "limit: expected an integer from 1 to 200",
    "ids: 201 ids, at most 200 are allowed",
  ]);
  expect(issuesOf({ ids: Array.from({ length: 201 }, String) })).toEqual([
    "ids: 201 ids, at most 200 are allowed",
  ]);
});

test("characters are counted as a reader does, not as JavaScript", () => {
  expect(issuesOf({ query: "😀".repeat(200) })).toEqual([]);
  expect(issuesOf({ query: "😀".repeat(201) })).toHaveLength(1);
});

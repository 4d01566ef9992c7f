import { expect, test } from "vitest";
import { createItemSearch } from "./item-search.ts";

const items = [
  { id: "1", title: "Toy Story (1995)", genres: "Animation" },
  { id: "2", title: "Léon: The Professional (1994)", genres: "Crime" },
  { id: "3", title: "History of the World (1981)", genres: "Comedy" },
  { id: "4", title: "The NeverEnding Story (1984)", genres: "Fantasy" },
];
const search = createItemSearch(items);
const ids = (query: string, limit = 10) => search.search(query, limit).map(({ id }) => id);

test("finds every word anywhere in the title, starts of words first", () => {
  expect(ids("story")).toEqual(["1", "4", "3"]);
  expect(ids("story the")).toEqual(["4", "3"]);
  expect(ids("1994")).toEqual(["2"]);
});

test("ignores case, accents and punctuation", () => {
  expect(ids("LEON the")).toEqual(["2"]);
  expect(ids("toy-story!")).toEqual(["1"]);
});

test("gives the first items for an empty query, and none for a word no title holds", () => {
  expect(ids("", 2)).toEqual(["1", "2"]);
  expect(ids("zebra")).toEqual([]);
});

test("keeps to the limit, and finds by id with all columns", () => {
  expect(ids("story", 1)).toEqual(["1"]);
  expect(search.find("2")).toEqual(items[1]);
  expect(search.find("99")).toBeUndefined();
});

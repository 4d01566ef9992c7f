import { describe, expect, test } from "vitest";
import { checkItemIds } from "./vocabulary.ts";

describe("checkItemIds", () => {
  test("accepts ids with spaces, commas, quotes, other scripts and emoji", () => {
    expect(checkItemIds(["a", " a", "A", "1,5", '"x"', "日本", "👩‍👩‍👧", "\n"])).toEqual([]);
  });

  test("names every id that a graph cannot hold", () => {
    expect(checkItemIds(["a", "", "b\0", "a", "\ud83d", "ok"])).toEqual([
      "item 1: the id is empty",
      'item 2 ("b\\u0000"): the id contains a NUL character',
      'item 3 ("a"): the id is that of item 0',
      'item 4 ("\\ud83d"): the id holds half of a surrogate pair',
    ]);
  });
});

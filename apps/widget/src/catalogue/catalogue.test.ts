import { describe, expect, test } from "vitest";
import { createDirectory, describeItem, readItems } from "./details.ts";
import { countOf, nounFor } from "./noun.ts";
import { createSearchIndex, foldText, searchItems } from "./search.ts";
import { chooseStarters, kindsOf } from "./starters.ts";

const films = [
  { id: "2571", title: "Matrix, The (1999)", genres: "Action|Sci-Fi|Thriller" },
  { id: "4306", title: "Shrek (2001)", genres: "Animation|Comedy" },
  { id: "4973", title: "Amelie (Fabuleux destin d'Amélie Poulain, Le) (2001)", genres: "Comedy|Romance" },
  { id: "6365", title: "Matrix Reloaded, The (2003)", genres: "Action|Sci-Fi" },
  { id: "2115", title: "Indiana Jones and the Temple of Doom (1984)", genres: "Action|Adventure" },
];
const directory = createDirectory(films);

describe("createDirectory", () => {
  test("accepts rows, maps and plain id → title", () => {
    const expected = { id: "a", title: "Alpha" };
    expect(createDirectory([expected]).get("a")).toEqual(expected);
    expect(createDirectory({ a: "Alpha" }).get("a")).toEqual(expected);
    expect(createDirectory({ a: expected }).get("a")).toEqual(expected);
    expect(createDirectory(new Map([["a", "Alpha"]])).get("a")).toEqual(expected);
  });
});

describe("readItems", () => {
  test("keeps rows with an id and a title and drops the rest", () => {
    expect(readItems([films[0], { id: 7, title: "x" }, null, { id: "8" }])).toEqual([films[0]]);
    expect(readItems({ items: [films[1]] })).toEqual([films[1]]);
    expect(readItems("no")).toEqual([]);
    expect(readItems(null)).toEqual([]);
  });
});

describe("describeItem", () => {
  test("puts the title into words", () => {
    expect(describeItem("2571", directory)).toEqual({
      name: "The Matrix",
      year: "1999",
      note: "Action, Sci-Fi, Thriller",
      label: "The Matrix (1999)",
    });
  });

  test("shows the id when there is no title", () => {
    expect(describeItem("sku-1", directory)).toEqual({ name: "sku-1", note: "", label: "sku-1" });
    expect(describeItem("x", createDirectory([{ id: "x", title: " " }])).name).toBe("x");
  });

  test("leaves out empty columns and placeholders", () => {
    const odd = createDirectory([{ id: "1", title: "One", genres: "(no genres listed)", shelf: "" }]);
    expect(describeItem("1", odd).note).toBe("");
  });
});

describe("searchItems", () => {
  const index = createSearchIndex(directory.keys(), directory);

  test("finds by beginning, by words and without accents", () => {
    expect(searchItems(index, "matrix", 10)).toEqual(["2571", "6365"]);
    expect(searchItems(index, "the matrix r", 10)).toEqual(["6365"]);
    expect(searchItems(index, "amélie", 10)).toEqual(["4973"]);
    expect(searchItems(index, "poulain amelie", 10)).toEqual(["4973"]);
    expect(searchItems(index, "temple ind", 10)).toEqual(["2115"]);
    expect(searchItems(index, "atri", 10)).toEqual(["2571", "6365"]);
  });

  test("finds ids where there are no titles", () => {
    expect(searchItems(createSearchIndex(["sku-1", "sku-20"], new Map()), "sku-2", 10)).toEqual(["sku-20"]);
  });

  test("finds nothing for nothing", () => {
    expect(searchItems(index, "", 10)).toEqual([]);
    expect(searchItems(index, " ?! ", 10)).toEqual([]);
    expect(searchItems(index, "zzz", 10)).toEqual([]);
  });

  test("keeps the limit and skips what is picked", () => {
    expect(searchItems(index, "matrix", 1)).toEqual(["2571"]);
    expect(searchItems(index, "matrix", 10, new Set(["2571"]))).toEqual(["6365"]);
  });

  test("folds punctuation and apostrophes", () => {
    expect(foldText("Ocean’s Eleven: “A” & B")).toBe("oceans eleven a b");
  });
});

describe("chooseStarters", () => {
  test("spreads over kinds before it repeats one", () => {
    const ids = films.map((film) => film.id);
    expect(chooseStarters(ids, directory, 3)).toEqual(["2571", "4306", "4973"]);
    expect(chooseStarters(ids, directory, 5)).toHaveLength(5);
    expect(new Set(chooseStarters(ids, directory, 9)).size).toBe(5);
  });

  test("keeps popularity order when there are no kinds", () => {
    expect(chooseStarters(["a", "b", "c"], new Map(), 2)).toEqual(["a", "b"]);
  });

  test("reads kinds from the first column of words", () => {
    const mixed = createDirectory([{ id: "1", title: "One", year: "1999", shelf: "Cups|White" }]);
    expect(kindsOf("1", mixed)).toEqual(["Cups", "White"]);
  });
});

describe("nounFor", () => {
  test("calls things by what the details say", () => {
    expect(nounFor(directory).many).toBe("films");
    expect(nounFor(createDirectory({ a: "Blue mug", b: "Red mug" })).many).toBe("titles");
    expect(nounFor(new Map()).many).toBe("items");
  });

  test("counts", () => {
    expect(countOf(1, nounFor(directory))).toBe("1 film");
    expect(countOf(0, nounFor(directory))).toBe("0 films");
  });
});

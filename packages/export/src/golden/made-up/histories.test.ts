// No golden row says anything of one person: the rows of exports of real data, held against that data by other code.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Interactions } from "@attune/contracts";
import type { GoldenFile } from "@attune/contracts/manifest";
import { describe, expect, test } from "vitest";
import { eventsOf } from "../../fixtures/export-input.ts";
import { itemIdsOf, neighbourModel, popularityOf } from "../../fixtures/models.ts";
import { createGoldenRows } from "../recommend/golden-rows.ts";

const limits = { maxK: 100, maxHistory: 200, maxExclude: 1000, maxAllow: 1000 };

/** People as lists of item indexes. */
function interactions(people: readonly (readonly number[])[], itemCount: number): Interactions {
  let end = 0;
  const items = Int32Array.from(people.flat());
  return {
    userCount: people.length,
    itemCount,
    offsets: Int32Array.of(0, ...people.map(({ length }) => (end += length))),
    items,
    weights: new Float32Array(items.length).fill(1),
    times: new Float64Array(items.length),
  };
}

function peopleOf({ offsets, items, userCount }: Interactions): readonly (readonly number[])[] {
  return Array.from({ length: userCount }, (_, user) => [
    ...items.subarray(offsets[user]!, offsets[user + 1]!),
  ]);
}

function goldenOf(events: Interactions, seed = 42): GoldenFile<"recommend"> {
  const { itemCount } = events;
  return createGoldenRows({
    model: neighbourModel({ items: itemCount }),
    popularity: popularityOf(itemCount),
    itemIds: itemIdsOf(itemCount),
    duplicates: "last",
    repeats: "drop",
    people: { events },
    limits,
    seed,
  });
}

/** Histories with which somebody could be known: three items or more of one person, or a pair or an item of one alone. */
function findDisclosures({ rows }: GoldenFile<"recommend">, events: Interactions): string[] {
  const people = peopleOf(events).map((items) => new Set(items));
  const indexOf = new Map(itemIdsOf(events.itemCount).map((id, index) => [id, index]));
  return rows.flatMap(({ name, history }) => {
    const items = [...new Set(history.flatMap((id) => indexOf.get(id) ?? []))];
    if (items.length === 0) return [];
    const holders = people.filter((person) => items.every((item) => person.has(item))).length;
    return (items.length >= 3 && holders > 0) || holders === 1 ? [`${name}: ${items.join(" ")}`] : [];
  });
}

/** Films rated 4 or more, as the example trains on them. */
function likedFilms(): Interactions {
  const file = path.resolve(import.meta.dirname, "../../../../../examples/movielens/ratings.csv");
  const liked = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","))
    .filter(([, , rating]) => Number(rating) >= 4);
  const films = new Map([...new Set(liked.map(([, film]) => film!))].map((film, index) => [film, index]));
  const people = new Map<string, number[]>();
  for (const [user, film] of liked) people.set(user!, [...(people.get(user!) ?? []), films.get(film!)!]);
  return interactions([...people.values()], films.size);
}

describe("golden histories of MovieLens", () => {
  const events = likedFilms();
  const golden = goldenOf(events);
  const madeUp = golden.rows.filter(({ name }) => name === "made-up");

  test("none is contained in a person's history, nor points at one person", () => {
    expect(madeUp.length).toBeGreaterThan(30);
    expect(findDisclosures(golden, events)).toEqual([]);
  });

  test("they are nevertheless like people's: of several lengths, of items that go together, and not of a few items only", () => {
    const lengths = new Set(madeUp.map(({ history }) => history.length));
    expect(lengths.size).toBeGreaterThan(4);
    expect(Math.max(...lengths)).toBeGreaterThan(50);
    for (const { history, weights } of madeUp) {
      expect(new Set(history).size).toBe(history.length);
      expect(weights).toHaveLength(history.length);
    }
    const people = peopleOf(events).map((items) => new Set(items));
    const together = (a: number, b: number) => people.filter((own) => own.has(a) && own.has(b)).length;
    const indexOf = new Map(itemIdsOf(events.itemCount).map((id, index) => [id, index]));
    const steps = madeUp.flatMap(({ history }) =>
      history.slice(1, 6).map((id, at) => together(indexOf.get(history[at]!)!, indexOf.get(id)!)),
    );
    // Two films drawn by chance are met together by about two people in a hundred such pairs.
    expect(steps.filter((count) => count > 0).length / steps.length).toBeGreaterThan(0.6);
  });

  test("the seed decides them", () => {
    expect(goldenOf(events)).toEqual(golden);
    expect(goldenOf(events, 43)).not.toEqual(golden);
  });
});

describe("golden histories of data that leaves no room", () => {
  const everything = Array.from({ length: 12 }, (_, item) => item);

  test("where somebody had everything, they have at most two items, which others had too", () => {
    const events = interactions([everything, [0, 1], [0, 1, 2], [1, 2]], 12);
    const { rows } = goldenOf(events);
    const madeUp = rows.filter(({ name }) => name === "made-up");
    expect(madeUp.length).toBeGreaterThan(3);
    for (const { history } of rows.filter(({ name }) => name !== "odd-ids")) {
      const known = history.filter((id) => itemIdsOf(12).includes(id));
      expect(new Set(known).size).toBeLessThan(3);
    }
  });

  test("without a person's events there are edge rows alone", () => {
    const { rows } = goldenOf(interactions([[], []], 12));
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter(({ name }) => name === "made-up")).toEqual([]);
  });

  test("items outside the catalogue are no items", () => {
    const events = interactions([[-1, 0, -1], [-1], [0, 1, 2]], 12);
    expect(findDisclosures(goldenOf(events), events).filter((line) => line.split(" ").length > 3)).toEqual(
      [],
    );
  });

  test("a history of one's own is not given away by the fixtures either", () => {
    const events = eventsOf(48);
    expect(findDisclosures(goldenOf(events), events)).toEqual([]);
  });
});

import { expect, test } from "vitest";
import { findCycles } from "./cycles.ts";

test.each([
  ["one way", ["src/a.ts src/b.ts", "src/a.ts src/c.ts", "src/b.ts src/c.ts"], []],
  ["two files", ["src/a.ts src/b.ts", "src/b.ts src/a.ts"], ["src: a.ts imports b.ts, b.ts imports a.ts"]],
  [
    "two folders, by files that are in no circle",
    ["src/fit/fit.ts src/data/rows.ts", "src/data/source.ts src/fit/events.ts"],
    ["src: data/source.ts imports fit/events.ts, fit/fit.ts imports data/rows.ts"],
  ],
  [
    "a folder and a file beside it",
    ["src/run.ts src/data/rows.ts", "src/data/deep/source.ts src/run.ts"],
    ["src: data/deep/source.ts imports run.ts, run.ts imports data/rows.ts"],
  ],
  [
    "three, in a folder of a folder, found once",
    ["src/x/a.ts src/x/b/b.ts", "src/x/b/b.ts src/x/c.ts", "src/x/c.ts src/x/a.ts"],
    ["src/x: a.ts imports b/b.ts, b/b.ts imports c.ts, c.ts imports a.ts"],
  ],
  ["a folder beside a file of its name", ["src/data.ts src/data/rows.ts"], []],
])("%s", (_, imports, expected) => {
  const edges = imports.map((line) => {
    const [from = "", to = ""] = line.split(" ");
    return { from, to };
  });
  expect(findCycles(edges)).toEqual(expected);
});

import { stripVTControlCharacters } from "node:util";
import type { RuleReport } from "@attune/contracts/manifest";
import { expect, test } from "vitest";
import { cleaningTable, rejectedLine } from "./cleaning.ts";

const report = (
  rule: string,
  rowsBefore: number,
  rowsAfter: number,
  rest: Partial<RuleReport> = {},
): RuleReport => ({ rule, scope: "raw", rowsBefore, rowsAfter, ...rest });

/** Lines with runs of blanks and the frame taken out. */
const linesOf = (text: string) =>
  stripVTControlCharacters(text)
    .split("\n")
    .map((line) => line.replace(/[│ ]+/g, " ").trim());

test("bad rows first, by kind; every rule with its rows; what took most of them has a line that says where to look", () => {
  const rules = [
    report("bad rows", 200_000, 199_997, { note: "columns 2, time 1" }),
    report("missing ids", 199_997, 199_997),
    report("minimum rating", 199_997, 89_588, { note: "rated 4 or more" }),
    report("k-core", 80_000, 79_000, { scope: "train", note: "users 5, items 5, 2 rounds" }),
  ];
  const lines = linesOf(cleaningTable({ rules, badRows: { rows: 3, kinds: { columns: 2, time: 1 } } }));

  expect(lines.filter((line) => /[a-z]/.test(line)).slice(0, -1)).toEqual([
    "rule of rows before → after dropped",
    "bad rows all rows 200,000 → 199,997 3",
    "wrong number of columns 2",
    "no time 1",
    "missing ids all rows 199,997 → 199,997",
    "minimum rating all rows 199,997 → 89,588 110,409 rated 4 or more",
    "k-core train rows 80,000 → 79,000 1,000 users 5, items 5, 2 rounds",
  ]);
  expect(lines.at(-1)).toBe(
    '"minimum rating" dropped 55 % of all rows: data.rules.minRating and weightByRating set it',
  );
});

test("half of the rows is not most of them", () => {
  expect(linesOf(cleaningTable({ rules: [report("k-core", 10, 5)] })).join()).not.toContain("dropped 50");
});

test("says where rejected rows are, and nothing where none were", () => {
  expect(rejectedLine({ rules: [], badRows: { rows: 1234, kinds: { time: 1234 } } }, "out")).toBe(
    "1,234 bad rows were left out; see out/rejected.csv",
  );
  expect(rejectedLine({ rules: [] }, "out")).toBeUndefined();
});

// A row with a cell too many loses it on the page: GitHub splits at every bar that has no backslash, in code too.
import { expect, test } from "vitest";
import { markdownPages } from "./markdown.ts";

/** Rows whose number of cells is not that of their table's first row. */
function brokenRows(text: string): readonly string[] {
  const tables = text.replace(/^```[\s\S]*?^```$/gm, "").match(/(?:^\|.*\n?)+/gm) ?? [];
  return tables.flatMap((table) => {
    const rows = table.trimEnd().split("\n");
    const cells = rows.map((row) => row.match(/(?<!\\)\|/g)!.length);
    return rows.filter((_, at) => cells[at] !== cells[0]);
  });
}

test("a bar without a backslash is found, in code too", () => {
  expect(brokenRows("| a | b |\n|---|---|\n| `x|y` | z |\n| `x\\|y` | z |\n")).toEqual(["| `x|y` | z |"]);
});

test.each(markdownPages())("$file: every row of a table has its table's columns", ({ text }) => {
  expect(brokenRows(text)).toEqual([]);
});

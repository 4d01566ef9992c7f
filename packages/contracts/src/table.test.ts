import { expect, test } from "vitest";
import { schemaOf, type Table, takeRows } from "./table.ts";

const table: Table = {
  rowCount: 3,
  columns: [
    { name: "age", kind: "number", data: Float64Array.of(30, 0, 50), missing: Uint8Array.of(0, 1, 0) },
    { name: "city", kind: "category", codes: Int32Array.of(1, 0, -1), levels: ["Oslo", "Rome"] },
    {
      name: "likes",
      kind: "set",
      offsets: Int32Array.of(0, 2, 2, 3),
      codes: Int32Array.of(0, 1, 1),
      levels: ["a", "b"],
      missing: Uint8Array.of(0, 1, 0),
    },
    { name: "plot", kind: "text", data: ["one", "two", "three"] },
  ],
};

test("a schema has the levels of categories and sets, and no rows", () => {
  expect(schemaOf(table)).toEqual([
    { name: "age", kind: "number" },
    { name: "city", kind: "category", levels: ["Oslo", "Rome"] },
    { name: "likes", kind: "set", levels: ["a", "b"] },
    { name: "plot", kind: "text" },
  ]);
});

test("rows are taken in the order asked for, some of them twice", () => {
  const taken = takeRows(table, Int32Array.of(2, 0, 2, 1));

  expect(taken).toEqual({
    rowCount: 4,
    columns: [
      {
        name: "age",
        kind: "number",
        data: Float64Array.of(50, 30, 50, 0),
        missing: Uint8Array.of(0, 0, 0, 1),
      },
      { name: "city", kind: "category", codes: Int32Array.of(-1, 1, -1, 0), levels: ["Oslo", "Rome"] },
      {
        name: "likes",
        kind: "set",
        offsets: Int32Array.of(0, 1, 3, 4, 4),
        codes: Int32Array.of(1, 0, 1, 1),
        levels: ["a", "b"],
        missing: Uint8Array.of(0, 0, 0, 1),
      },
      { name: "plot", kind: "text", data: ["three", "one", "three", "two"] },
    ],
  });
  expect(schemaOf(taken)).toEqual(schemaOf(table));
});

test("all rows are the table, and none are an empty one", () => {
  expect(takeRows(table, Int32Array.of(0, 1, 2))).toEqual(table);
  expect(takeRows(table, new Int32Array(0)).columns.map((column) => column.name)).toEqual([
    "age",
    "city",
    "likes",
    "plot",
  ]);
});

import type { Table } from "@attune/contracts";
import { createRandom } from "@attune/numeric";
import { describe, expect, test } from "vitest";
import { draftTable, rowColumns } from "../../fixtures/row-models.ts";
import { rawRowOf } from "../raw-rows.ts";
import { createMadeUpRows, type MadeUpRowsInput } from "./rows.ts";

function madeUp(table: Table, more: Partial<MadeUpRowsInput> = {}, count = 60) {
  return createMadeUpRows({ table, columns: rowColumns, random: createRandom(7), ...more }, count);
}

function rowsOf(table: Table) {
  return Array.from({ length: table.rowCount }, (_, row) => rawRowOf(table, row, rowColumns));
}

/** A row as text, sets without their order. */
function textOf(row: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.values(row).map((value) => (Array.isArray(value) ? value.toSorted() : value)));
}

/** One column of codes for each name, of `levels` levels. */
function codesTable(columns: Readonly<Record<string, readonly number[]>>, levels: readonly string[]): Table {
  const [first] = Object.values(columns);
  return {
    rowCount: first!.length,
    columns: Object.entries(columns).map(([name, codes]) => ({
      name,
      kind: "category" as const,
      codes: Int32Array.from(codes),
      levels,
    })),
  };
}

describe("createMadeUpRows", () => {
  test("none is a row of the data, and each value is one that its column has", () => {
    // Sizes are few, so that a row drawn column by column would often be one of the data.
    const drawn = draftTable(3000);
    const size = drawn.columns[0]!;
    const data = Float64Array.from({ length: 3000 }, (_, row) => row % 3);
    const table: Table = {
      ...drawn,
      columns: [{ ...size, kind: "number", data } as typeof size, ...drawn.columns.slice(1)],
    };
    const real = new Set(rowsOf(table).map(textOf));
    const rows = madeUp(table);
    expect(rows).toHaveLength(60);
    expect(rows.filter((row) => real.has(textOf(row)))).toEqual([]);
    for (const { size: value, region } of rows) {
      expect([0, 1, 2, null]).toContain(value);
      expect(["north", "süd", "two words", null, expect.stringContaining("no such")]).toContainEqual(region);
    }
    expect(rows.some((row) => row.region === null)).toBe(true);
    expect(rows.some(({ tags }) => (tags as string[]).length > 1)).toBe(true);
  });

  test("where every combination is taken, it is one of several rows", () => {
    const columns = ["a", "b", "c"].map((name) => ({ name, kind: "category" as const, levels: ["x", "y"] }));
    const every = [...Array(8).keys(), ...Array(7).keys()];
    const table = codesTable(
      { a: every.map((n) => n & 1), b: every.map((n) => (n >> 1) & 1), c: every.map((n) => n >> 2) },
      ["x", "y"],
    );
    const rows = madeUp(table, { columns });
    expect(rows).toHaveLength(60);
    // The eighth combination is one row's.
    expect(rows.filter(({ a, b, c }) => a === "y" && b === "y" && c === "y")).toEqual([]);
    expect(madeUp(codesTable({ a: [0], b: [0], c: [0] }, ["x", "y"]), { columns })).toEqual([]);
  });

  test("columns that nest stay one group of the data", () => {
    const columns = ["region", "shop", "day"].map((name) => ({ name, kind: "category" as const }));
    const rows = Array.from({ length: 400 }, (_, row) => row);
    const table = codesTable(
      {
        region: rows.map((row) => row % 4),
        shop: rows.map((row) => row % 4),
        day: rows.map((row) => row % 3),
      },
      ["p", "q", "r", "s"],
    );
    const nested = madeUp(table, { columns, nested: ["region", "shop"] });
    expect(nested.length).toBeGreaterThan(0);
    for (const { region, shop } of nested) expect(region).toBe(shop);
  });

  test("numbers are rounded and never an end of the data; texts are of words that many rows have", () => {
    const rowCount = 200;
    const table: Table = {
      rowCount,
      columns: [
        {
          name: "income",
          kind: "number",
          data: Float64Array.from({ length: rowCount }, (_, row) => row * 1234.567),
        },
        {
          name: "note",
          kind: "text",
          data: Array.from({ length: rowCount }, (_, row) => `good service person-${row}`),
        },
      ],
    };
    const columns = table.columns.map(({ name, kind }) => ({ name, kind }));
    for (const { income, note } of madeUp(table, { columns })) {
      expect(income).toBe(Number((income as number).toPrecision(3)));
      expect(income).toBeGreaterThan(0);
      expect(income).toBeLessThan(199 * 1234);
      expect(note).toMatch(/^(good|service)( (good|service))*$/);
    }
  });

  test("the seed decides them; a column that the data does not have is missing", () => {
    const table = draftTable(100);
    expect(madeUp(table)).toEqual(madeUp(table));
    expect(madeUp(table, { random: createRandom(8) })).not.toEqual(madeUp(table));
    const columns = [...rowColumns, { name: "other", kind: "number" as const }];
    expect(new Set(madeUp(table, { columns }).map(({ other }) => other))).toEqual(new Set([null]));
    expect(madeUp(draftTable(0))).toEqual([]);
  });
});

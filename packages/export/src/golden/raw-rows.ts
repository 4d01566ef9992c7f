/** Rows of raw values, and the table a model reads them as: the encoder again, in plain TypeScript. */
import type { Column, RawValue, Table } from "@attune/contracts";
import type { ColumnUse } from "@attune/features";
import { unknownLevel } from "./unknown-level.ts";

/** One value a column; null is missing. */
export type RawRow = Readonly<Record<string, RawValue>>;

/** The raw values of a row of a table, as a request would send them. A code train never had becomes a value that it never had. */
export function rawRowOf(table: Table, row: number, columns: readonly ColumnUse[]): RawRow {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  return Object.fromEntries(columns.map(({ name }) => [name, rawValueOf(byName.get(name), row)]));
}

function rawValueOf(column: Column | undefined, row: number): RawValue {
  if (column === undefined || column.missing?.[row]) return null;
  switch (column.kind) {
    case "number":
      return column.data[row]!;
    case "text":
      return column.data[row]!;
    case "category":
      return column.levels[column.codes[row]!] ?? unknownLevel;
    case "set":
      return Array.from(
        column.codes.subarray(column.offsets[row]!, column.offsets[row + 1]!),
        (code) => column.levels[code] ?? unknownLevel,
      );
  }
}

/** Rows as a table of the columns a model reads: numbers as float32, values of no level as −1. */
export function tableOf(rows: readonly RawRow[], columns: readonly ColumnUse[]): Table {
  return { rowCount: rows.length, columns: columns.map((use) => columnOf(rows, use)) };
}

function columnOf(rows: readonly RawRow[], { name, kind, levels = [] }: ColumnUse): Column {
  const values = rows.map((row) => row[name] ?? null);
  const text = values.map((value) => (typeof value === "string" ? value : ""));
  const absent = values.map((value) => value === null || value === "" || isEmptyList(value));
  const missing = Uint8Array.from(absent, Number);
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  const encode = (value: string) => codeOf.get(value) ?? -1;
  switch (kind) {
    case "number": {
      const numbers = values.map((value) => (typeof value === "number" ? Math.fround(value) : 0));
      return { name, kind, missing, data: Float64Array.from(numbers) };
    }
    case "text":
      return { name, kind, missing, data: text };
    case "category":
      return { name, kind, missing, codes: Int32Array.from(text, encode), levels };
    case "set": {
      const lists = values.map((value) => (Array.isArray(value) ? value : []));
      let end = 0;
      const offsets = Int32Array.of(0, ...lists.map((list) => (end += list.length)));
      return { name, kind, missing, offsets, codes: Int32Array.from(lists.flat(), encode), levels };
    }
  }
}

function isEmptyList(value: RawValue): boolean {
  return Array.isArray(value) && value.length === 0;
}

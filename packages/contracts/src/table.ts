/** Typed columns in memory: side tables of users and items, and the rows of tabular tasks. */

import type { RawValue } from "./predict.ts";

/** What a column holds; decides its storage, how it is encoded, and which graph input feeds it. */
export const columnKinds = ["number", "category", "set", "text"] as const;

export type ColumnKind = (typeof columnKinds)[number];

/** A column of `rowCount` values. A missing value is marked in `missing`; its storage then holds nothing of meaning. */
export type Column = {
  readonly name: string;
  /** `[rows]` 1 where the value is missing; absent when none is. */
  readonly missing?: Uint8Array;
} & ColumnStorage;

type ColumnStorage =
  | { readonly kind: "number" /** `[rows]` finite. */; readonly data: Float64Array }
  | {
      readonly kind: "category";
      /** `[rows]` index into `levels`, or −1 for a value that train never had. */
      readonly codes: Int32Array;
      readonly levels: readonly string[];
    }
  | {
      readonly kind: "set";
      /** `[rows + 1]` the codes of row `r` are at `[offsets[r], offsets[r + 1])`. */
      readonly offsets: Int32Array;
      readonly codes: Int32Array;
      readonly levels: readonly string[];
    }
  | { readonly kind: "text"; readonly data: readonly string[] };

export interface Table {
  readonly rowCount: number;
  /** Names are unique. */
  readonly columns: readonly Column[];
}

/** What a model is given of a column before it sees a row: enough to declare the graph's input. */
export interface ColumnSchema {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Values known from train, in code order; categories and sets only. */
  readonly levels?: readonly string[];
}

/** The columns of a table without their rows. */
export function schemaOf(table: Table): readonly ColumnSchema[] {
  return table.columns.map((column) => {
    const { name, kind } = column;
    return "levels" in column ? { name, kind, levels: column.levels } : { name, kind };
  });
}

/** One row as a request sends it: a level's own text, a set as a list, null where it is missing or no level. */
export function rawRow(table: Table, row: number): Record<string, RawValue> {
  return Object.fromEntries(table.columns.map((column) => [column.name, rawValueOf(column, row)]));
}

function rawValueOf(column: Column, row: number): RawValue {
  if (column.missing?.[row] === 1) return null;
  switch (column.kind) {
    case "number":
    case "text":
      return column.data[row]!;
    case "category":
      return column.levels[column.codes[row]!] ?? null;
    case "set": {
      const codes = column.codes.subarray(column.offsets[row]!, column.offsets[row + 1]!);
      return Array.from(codes).flatMap((code) => column.levels[code] ?? []);
    }
  }
}

/** Some rows of a table, in the order given. */
export function takeRows(table: Table, rows: Int32Array): Table {
  return { rowCount: rows.length, columns: table.columns.map((column) => takeColumn(column, rows)) };
}

/** Some rows of one column. */
export function takeColumn(column: Column, rows: Int32Array): Column {
  const missing = column.missing && { missing: Uint8Array.from(rows, (row) => column.missing![row]!) };
  switch (column.kind) {
    case "number":
      return { ...column, ...missing, data: Float64Array.from(rows, (row) => column.data[row]!) };
    case "category":
      return { ...column, ...missing, codes: Int32Array.from(rows, (row) => column.codes[row]!) };
    case "text":
      return { ...column, ...missing, data: Array.from(rows, (row) => column.data[row]!) };
    case "set": {
      const offsets = new Int32Array(rows.length + 1);
      const codes: number[] = [];
      rows.forEach((row, at) => {
        for (let c = column.offsets[row]!; c < column.offsets[row + 1]!; c++) codes.push(column.codes[c]!);
        offsets[at + 1] = codes.length;
      });
      return { ...column, ...missing, offsets, codes: Int32Array.from(codes) };
    }
  }
}

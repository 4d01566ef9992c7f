/** Rows of raw values that could be of the data and are not: each column is drawn on its own, and no row of the data is hit. */
import type { Column, RawValue, Table } from "@attune/contracts";
import type { ColumnUse } from "@attune/features";
import type { Random } from "@attune/numeric";
import { type RawRow, rawRowOf } from "../raw-rows.ts";
import { createValueSampler, type SampleValue } from "./sample-column.ts";

export interface MadeUpRowsInput {
  /** The data; columns it does not have are missing in every row. */
  readonly table: Table;
  readonly columns: readonly ColumnUse[];
  /** Columns that nest, drawn together: a group of the data, which is nobody's. Default: none. */
  readonly nested?: readonly string[];
  readonly random: Random;
}

/** With fewer columns, many rows are the same by their nature. */
const minColumns = 3;
/** How often a row is drawn anew, first to be unlike every row of the data, then to be like several. */
const maxAttempts = 50;

/** Up to `count` rows: fewer where the data is so full that every combination is one row's. */
export function createMadeUpRows(input: MadeUpRowsInput, count: number): readonly RawRow[] {
  const { table, columns, random } = input;
  if (table.rowCount === 0) return [];
  const sample = createRowSampler(input);
  const known = table.columns.filter(({ name }) => columns.some((column) => column.name === name));
  const countAlike = createRowCounter(known, table.rowCount);
  const draw = (isAllowed: (row: RawRow) => boolean): RawRow | undefined => {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const row = sample(random);
      if (isAllowed(row)) return row;
    }
    return undefined;
  };
  const rows: RawRow[] = [];
  for (let at = 0; at < count; at++) {
    const row =
      draw((one) => known.length < minColumns || countAlike(one, 1) === 0) ??
      draw((one) => countAlike(one, 2) > 1);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

function createRowSampler({ table, columns, nested = [] }: MadeUpRowsInput): (random: Random) => RawRow {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const group = columns.filter(({ name }) => nested.includes(name));
  const samplers = columns
    .filter(({ name }) => !nested.includes(name))
    .map(({ name }): [string, SampleValue] => {
      const column = byName.get(name);
      return [name, column ? createValueSampler(column, table.rowCount) : () => null];
    });
  return (random) => {
    const drawn: Record<string, RawValue> = {
      ...(group.length > 0 && rawRowOf(table, random.integer(table.rowCount), group)),
      ...Object.fromEntries(samplers.map(([name, sampler]) => [name, sampler(random)])),
    };
    return Object.fromEntries(columns.map(({ name }) => [name, drawn[name] ?? null]));
  };
}

/** Counts the rows of the data with the very values of a row, up to `limit`. */
function createRowCounter(columns: readonly Column[], rowCount: number) {
  return (row: RawRow, limit: number): number => {
    const matchers = columns.map((column) => createMatcher(column, row[column.name] ?? null));
    let count = 0;
    for (let at = 0; at < rowCount && count < limit; at++) {
      if (matchers.every((matches) => matches(at))) count += 1;
    }
    return count;
  };
}

/** Whether a column has a value in a row. A value that train never had is like any other such. */
function createMatcher(column: Column, value: RawValue): (row: number) => boolean {
  const isMissing = (row: number) => column.missing?.[row] === 1;
  if (value === null) return isMissing;
  switch (column.kind) {
    case "number":
    case "text":
      return (row) => !isMissing(row) && column.data[row] === value;
    case "category": {
      const code = column.levels.indexOf(String(value));
      return (row) => !isMissing(row) && column.codes[row] === code;
    }
    case "set": {
      const { offsets, codes, levels } = column;
      const wanted = new Set([value].flat().map((level) => levels.indexOf(String(level))));
      return (row) => {
        if (isMissing(row)) return false;
        const own = new Set(codes.subarray(offsets[row]!, offsets[row + 1]!));
        return own.size === wanted.size && [...own].every((code) => wanted.has(code));
      };
    }
  }
}

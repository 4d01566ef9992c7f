/** Columns as the encoder would hand them over, fed from a table: how trainers run a fragment without the encoder. */
import type { Column, Dim, Table, Tensor } from "@attune/contracts";
import type { GraphBuilder } from "@attune/onnx";
import type { ColumnUse, EncodedColumn, EncodedColumns } from "./fragment.ts";
import { paddingCode } from "./vocabulary.ts";

const oneValue: readonly Dim[] = ["batch", 1];

/** One input a column, named `column:<name>`. */
export function addEncodedInputs(graph: GraphBuilder, columns: readonly ColumnUse[]): EncodedColumns {
  return Object.fromEntries(columns.map((column) => [column.name, addInput(graph, column)]));
}

function addInput(graph: GraphBuilder, { name, kind }: ColumnUse): EncodedColumn {
  const input = inputName(name);
  switch (kind) {
    case "number":
      return { kind, value: graph.input(input, "float32", oneValue) };
    case "category":
      return { kind, code: graph.input(input, "int64", oneValue) };
    case "set":
      return { kind, codes: graph.input(input, "int64", ["batch", `${input}:values`]) };
    case "text":
      return { kind, value: graph.input(input, "string", oneValue) };
  }
}

/**
 * Feeds of those inputs for some rows of a table.
 *
 * @param table - has every column, its levels in the order the model was fitted with; a column it lacks is missing in
 * every row.
 */
export function feedEncodedColumns(
  columns: readonly ColumnUse[],
  table: Table | undefined,
  rows: ArrayLike<number>,
): Record<string, Tensor> {
  const byName = new Map(table?.columns.map((column) => [column.name, column]));
  return Object.fromEntries(
    columns.map(({ name, kind }) => [inputName(name), feedColumn(kind, byName.get(name), Array.from(rows))]),
  );
}

function inputName(column: string): string {
  return `column:${column}`;
}

function feedColumn(kind: ColumnUse["kind"], column: Column | undefined, rows: readonly number[]): Tensor {
  const dims = [rows.length, 1];
  const isMissing = (row: number) => column?.missing?.[row] === 1;
  if (column !== undefined && column.kind !== kind) throw new TypeError(`${column.name} is no ${kind}`);
  switch (column?.kind ?? kind) {
    case "number": {
      const data = (column as Extract<Column, { kind: "number" }> | undefined)?.data;
      const value = (row: number) => (data === undefined || isMissing(row) ? Number.NaN : data[row]!);
      return { dtype: "float32", dims, data: Float32Array.from(rows, value) };
    }
    case "category": {
      const codes = (column as Extract<Column, { kind: "category" }> | undefined)?.codes;
      const value = (row: number) => (codes === undefined || isMissing(row) ? paddingCode : codes[row]!);
      return { dtype: "int64", dims, data: BigInt64Array.from(rows, (row) => BigInt(value(row))) };
    }
    case "text": {
      const data = (column as Extract<Column, { kind: "text" }> | undefined)?.data;
      return {
        dtype: "string",
        dims,
        data: rows.map((row) => (data === undefined || isMissing(row) ? "" : data[row]!)),
      };
    }
    case "set":
      return feedSet(column as Extract<Column, { kind: "set" }> | undefined, rows);
  }
}

function feedSet(column: Extract<Column, { kind: "set" }> | undefined, rows: readonly number[]): Tensor {
  const codesOf = (row: number) =>
    column === undefined || column.missing?.[row] === 1
      ? new Int32Array(0)
      : column.codes.subarray(column.offsets[row]!, column.offsets[row + 1]!);
  const width = Math.max(1, ...rows.map((row) => codesOf(row).length));
  const data = new BigInt64Array(rows.length * width).fill(BigInt(paddingCode));
  rows.forEach((row, at) => {
    codesOf(row).forEach((code, place) => {
      data[at * width + place] = BigInt(code);
    });
  });
  return { dtype: "int64", dims: [rows.length, width], data };
}

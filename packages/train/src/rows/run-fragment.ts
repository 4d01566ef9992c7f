/** Runs a row fragment over a table, in batches, in the engine it will be served by. */
import type { Column, CreateSession, Dim, Table, Tensor } from "@attune/contracts";
import { type ColumnUse, type EncodedColumn, type EncodedColumns, paddingCode } from "@attune/features";
import { createGraph, type GraphBuilder, type Value, writeModel } from "@attune/onnx";
import { checkAborted } from "../pause.ts";

/** The part of a row fragment that running it takes: columns in, named outputs `[batch, n]` out. */
export interface RunnableFragment {
  readonly columns: readonly ColumnUse[];
  build(graph: GraphBuilder, columns: EncodedColumns): Readonly<Record<string, Value>>;
}

export interface RunRowsOptions {
  readonly kind: string;
  readonly createSession: CreateSession;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

/** Rows of one run of the graph: bounds its memory. */
const batchRows = 1024;

/** @returns output name → `[rows, n]`, row-major. */
export async function runRows(
  fragment: RunnableFragment,
  table: Table,
  options: RunRowsOptions,
): Promise<Readonly<Record<string, Float64Array>>> {
  const session = await options.createSession(writeEncodedRows(fragment));
  const outputs: Record<string, number[]> = {};
  try {
    for (let start = 0; start < table.rowCount; start += batchRows) {
      checkAborted(options.kind, options.signal);
      const end = Math.min(table.rowCount, start + batchRows);
      const results = await session.run(feedRows(fragment.columns, table, start, end));
      for (const [name, { data }] of Object.entries(results)) {
        outputs[name] ??= [];
        for (const value of data as Float32Array) outputs[name].push(value);
      }
      options.onProgress(end, table.rowCount);
    }
  } finally {
    await session.close();
  }
  return Object.fromEntries(
    Object.entries(outputs).map(([name, values]) => [name, Float64Array.from(values)]),
  );
}

/** The fragment alone, behind inputs as the encoder would hand them over. */
function writeEncodedRows(fragment: RunnableFragment): Uint8Array {
  const graph = createGraph();
  const columns = Object.fromEntries(
    fragment.columns.map((column) => [column.name, addInput(graph, column)]),
  );
  const outputs = fragment.build(graph.scope("model"), columns);
  for (const [name, value] of Object.entries(outputs)) graph.output(name, value);
  return writeModel(graph.build({ name: "encoded" }));
}

const oneValue: readonly Dim[] = ["batch", 1];

function addInput(graph: GraphBuilder, { name, kind }: ColumnUse): EncodedColumn {
  switch (kind) {
    case "number":
      return { kind, value: graph.input(name, "float32", oneValue) };
    case "category":
      return { kind, code: graph.input(name, "int64", oneValue) };
    case "set":
      return { kind, codes: graph.input(name, "int64", ["batch", `${name}_values`]) };
    case "text":
      return { kind, value: graph.input(name, "string", oneValue) };
  }
}

function feedRows(
  columns: readonly ColumnUse[],
  table: Table,
  start: number,
  end: number,
): Record<string, Tensor> {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  return Object.fromEntries(columns.map(({ name }) => [name, feedColumn(byName.get(name)!, start, end)]));
}

function feedColumn(column: Column, start: number, end: number): Tensor {
  const dims = [end - start, 1];
  const isMissing = (row: number) => column.missing?.[row] === 1;
  const rows = Array.from({ length: end - start }, (_, at) => start + at);
  switch (column.kind) {
    case "number":
      return {
        dtype: "float32",
        dims,
        data: Float32Array.from(rows, (row) => (isMissing(row) ? Number.NaN : column.data[row]!)),
      };
    case "category":
      return {
        dtype: "int64",
        dims,
        data: BigInt64Array.from(rows, (row) => BigInt(isMissing(row) ? paddingCode : column.codes[row]!)),
      };
    case "text":
      return { dtype: "string", dims, data: rows.map((row) => (isMissing(row) ? "" : column.data[row]!)) };
    case "set": {
      const sizes = rows.map((row) => (isMissing(row) ? 0 : column.offsets[row + 1]! - column.offsets[row]!));
      const width = Math.max(1, ...sizes);
      const data = new BigInt64Array(rows.length * width).fill(BigInt(paddingCode));
      rows.forEach((row, at) => {
        for (let n = 0; n < sizes[at]!; n++) {
          data[at * width + n] = BigInt(column.codes[column.offsets[row]! + n]!);
        }
      });
      return { dtype: "int64", dims: [rows.length, width], data };
    }
  }
}

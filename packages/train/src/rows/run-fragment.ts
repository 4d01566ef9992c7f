/** Runs a row fragment over a table, in batches, in the engine it will be served by. */
import type { CreateSession, Table } from "@attune/contracts";
import { addEncodedInputs, type ColumnUse, type EncodedColumns, feedEncodedColumns } from "@attune/features";
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
  const outputs: Record<string, Float64Array> = {};
  try {
    for (let start = 0; start < table.rowCount; start += batchRows) {
      checkAborted(options.kind, options.signal);
      const end = Math.min(table.rowCount, start + batchRows);
      const results = await session.run(feedEncodedColumns(fragment.columns, table, rowsFrom(start, end)));
      for (const [name, { data }] of Object.entries(results)) {
        const values = data as Float32Array;
        const width = values.length / (end - start);
        outputs[name] ??= new Float64Array(table.rowCount * width);
        outputs[name].set(values, start * width);
      }
      options.onProgress(end, table.rowCount);
    }
  } finally {
    await session.close();
  }
  return outputs;
}

function rowsFrom(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, at) => start + at);
}

/** The fragment alone, behind inputs as the encoder would hand them over. */
function writeEncodedRows(fragment: RunnableFragment): Uint8Array {
  const graph = createGraph();
  const outputs = fragment.build(graph.scope("model"), addEncodedInputs(graph, fragment.columns));
  for (const [name, value] of Object.entries(outputs)) graph.output(name, value);
  return writeModel(graph.build({ name: "encoded" }));
}

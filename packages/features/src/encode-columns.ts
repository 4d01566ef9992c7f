/** The encoder of raw columns: one graph input a column in, codes and numbers out. */
import type { ColumnKind, DataType, Dim } from "@attune/contracts";
import type { GraphBuilder, Value } from "@attune/onnx";
import type { ColumnUse, EncodedColumn, EncodedColumns } from "./fragment.ts";
import { encodeIds } from "./vocabulary.ts";

/** How a column of each kind enters the graph: missing numbers are NaN, missing text is `""`, sets are padded with it. */
export const rawColumns: Readonly<Record<ColumnKind, { dtype: DataType; dims: readonly Dim[] }>> = {
  number: { dtype: "float32", dims: ["batch", 1] },
  category: { dtype: "string", dims: ["batch", 1] },
  set: { dtype: "string", dims: ["batch", "values"] },
  text: { dtype: "string", dims: ["batch", 1] },
};

/**
 * Appends the encoder of some columns.
 *
 * @param raw - one value a column, as `rawColumns` says, by column name.
 */
export function encodeColumns(
  graph: GraphBuilder,
  columns: readonly ColumnUse[],
  raw: Readonly<Record<string, Value>>,
): EncodedColumns {
  return Object.fromEntries(
    columns.map((column) => [column.name, encodeColumn(graph.scope(column.name), column, raw[column.name]!)]),
  );
}

function encodeColumn(graph: GraphBuilder, column: ColumnUse, value: Value): EncodedColumn {
  const levels = column.levels ?? [];
  switch (column.kind) {
    case "number":
      return { kind: "number", value };
    case "text":
      return { kind: "text", value };
    case "category":
      return { kind: "category", code: encodeIds(graph, value, levels) };
    case "set":
      return { kind: "set", codes: encodeIds(graph, value, levels) };
  }
}

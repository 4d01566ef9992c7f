/** A model's raw columns as inputs of the graph. */
import { AttuneError } from "@attune/contracts";
import { type ColumnUse, checkColumns, rawColumn } from "@attune/features";
import type { GraphBuilder, Value } from "@attune/onnx";

/**
 * Declares one input a column, in order.
 *
 * @param taken - names of the task's own inputs and outputs.
 * @param also - further problems to report in the same error.
 * @throws {AttuneError} `EXPORT_COLUMNS` with every column that cannot be an input.
 */
export function declareColumns(
  graph: GraphBuilder,
  columns: readonly ColumnUse[],
  { taken, also = [] }: { readonly taken: readonly string[]; readonly also?: readonly string[] },
): Readonly<Record<string, Value>> {
  const issues = [...checkColumns(columns, taken), ...also];
  if (issues.length > 0) throw new AttuneError("EXPORT_COLUMNS", { issues });
  return Object.fromEntries(
    columns.map((column) => {
      const { dtype, dims } = rawColumn(column);
      return [column.name, graph.input(column.name, dtype, dims)];
    }),
  );
}

/** The encoder of raw columns: one graph input a column in, codes and numbers out. */
import type { ColumnKind, DataType, Dim } from "@attune/contracts";
import type { GraphBuilder, Value } from "@attune/onnx";
import type { ColumnUse, EncodedColumn, EncodedColumns } from "./fragment.ts";
import { checkItemIds, encodeIds } from "./vocabulary.ts";

/** How a column enters the graph: missing numbers are NaN, missing text is `""`, sets are padded with it. */
export interface RawColumn {
  readonly dtype: DataType;
  readonly dims: readonly Dim[];
}

type Kind = { readonly [K in ColumnKind]: RawColumnKind };

interface RawColumnKind {
  /** The input of the column `name`. A dim of its own name is never taken for that of another set. */
  raw(name: string): RawColumn;
  encode(graph: GraphBuilder, value: Value, levels: readonly string[]): EncodedColumn;
}

const single = (dtype: DataType) => (): RawColumn => ({ dtype, dims: ["batch", 1] });

const kinds: Kind = {
  number: { raw: single("float32"), encode: (_, value) => ({ kind: "number", value }) },
  category: {
    raw: single("string"),
    encode: (graph, value, levels) => ({ kind: "category", code: encodeIds(graph, value, levels) }),
  },
  set: {
    raw: (name) => ({ dtype: "string", dims: ["batch", `${name}_values`] }),
    encode: (graph, value, levels) => ({ kind: "set", codes: encodeIds(graph, value, levels) }),
  },
  text: { raw: single("string"), encode: (_, value) => ({ kind: "text", value }) },
};

/** The graph input of a column, under the column's own name. */
export function rawColumn({ name, kind }: ColumnUse): RawColumn {
  return kinds[kind].raw(name);
}

/**
 * Appends the encoder of some columns.
 *
 * @param raw - one value a column, as `rawColumn` says, by column name.
 */
export function encodeColumns(
  graph: GraphBuilder,
  columns: readonly ColumnUse[],
  raw: Readonly<Record<string, Value>>,
): EncodedColumns {
  return Object.fromEntries(
    columns.map(({ name, kind, levels = [] }) => [
      name,
      kinds[kind].encode(graph.scope(name), raw[name]!, levels),
    ]),
  );
}

/**
 * Says which columns cannot be inputs of a graph: names that are empty, given twice or taken by the task's own inputs and
 * outputs, and levels that no lookup can hold.
 *
 * @returns one line per problem, nothing when all is fine.
 */
export function checkColumns(columns: readonly ColumnUse[], taken: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return columns.flatMap(({ name, levels = [] }) => {
    const issues: string[] = [];
    if (name === "" || name.includes("\0")) issues.push(`column ${JSON.stringify(name)}: this is no name`);
    if (taken.includes(name)) {
      issues.push(`column "${name}": the graph has an input or output of this name; rename the column`);
    }
    if (seen.has(name)) issues.push(`column "${name}": the model reads it twice`);
    seen.add(name);
    return [...issues, ...checkItemIds(levels, "level").map((issue) => `column "${name}", ${issue}`)];
  });
}

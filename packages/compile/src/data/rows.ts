/** Rows of tensors: how large they are, and copying them. */
import type { Tensor } from "@attune/contracts";
import type { Signature } from "@attune/trace";
import type { Batch } from "../tensors.ts";

type Values = Float32Array | Int32Array | Uint8Array;

/** Rows of one input, in memory. */
export interface Column {
  readonly dtype: "float32" | "int32" | "bool";
  /** Dims of one row. */
  readonly rowDims: readonly number[];
  readonly rowSize: number;
  readonly values: Values;
}

export type Columns = Readonly<Record<string, Column>>;

/** The signature of any number of rows; which inputs have no rows is added to `issues`. */
export function rowSignature(signature: Signature, issues: string[]): Signature {
  const [first] = Object.values(signature);
  const rowDim = first?.dims[0];
  const apart = Object.entries(signature).flatMap(([name, { dims }]) =>
    dims[0] === rowDim && dims.length > 0 ? [] : [name],
  );
  if (rowDim === undefined || apart.length > 0) {
    issues.push(
      `${(apart.length > 0 ? apart : Object.keys(signature)).join(", ")}: no rows on axis 0 like the other inputs; give a stream of ready batches and batchSize "block"`,
    );
  }
  return Object.fromEntries(
    Object.entries(signature).map(([name, { dtype, dims }]) => [
      name,
      { dtype, dims: ["rows", ...dims.slice(1)] },
    ]),
  );
}

export function toColumns(batch: Batch): Columns {
  return Object.fromEntries(
    Object.entries(batch).map(([name, { dtype, dims, data }]): [string, Column] => {
      const rowDims = dims.slice(1);
      const rowSize = rowDims.reduce((product, dim) => product * dim, 1);
      return [name, { dtype: dtype as Column["dtype"], rowDims, rowSize, values: data as Values }];
    }),
  );
}

/** Room for rows like those of `columns`. */
export function createColumns(columns: Columns, rowCount: number): Columns {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => {
      const Storage = column.values.constructor as new (length: number) => Values;
      return [name, { ...column, values: new Storage(rowCount * column.rowSize) }];
    }),
  );
}

/** Copies one row of every column. */
export function copyRow(from: Columns, fromRow: number, to: Columns, toRow: number): void {
  for (const name in from) {
    const { values, rowSize } = from[name] as Column;
    const target = (to[name] as Column).values;
    const start = fromRow * rowSize;
    const end = toRow * rowSize;
    if (rowSize > 32) target.set(values.subarray(start, start + rowSize), end);
    // A call for every few numbers would cost more than the numbers.
    else for (let at = 0; at < rowSize; at++) target[end + at] = values[start + at] as number;
  }
}

/** The first rows as a batch, without a copy. */
export function toBatch(columns: Columns, rowCount: number): Batch {
  return Object.fromEntries(
    Object.entries(columns).map(([name, { dtype, rowDims, rowSize, values }]) => [
      name,
      { dtype, dims: [rowCount, ...rowDims], data: values.subarray(0, rowCount * rowSize) } as Tensor,
    ]),
  );
}

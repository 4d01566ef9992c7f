/** Raw columns of a request: checked against the manifest's list, then one tensor each. The same for every task. */
import type { ColumnKind, DataType, RawValue, Tensor, ValueInfo } from "@attune/contracts";
import type { InputColumn } from "@attune/contracts/manifest";
import { checkKeys, isRecord, show } from "./problems.ts";

/** Values by column. Null, undefined and a column left out are missing; so is "" of a category or text. */
export type ColumnValues = Readonly<Record<string, RawValue>>;

interface Encoding {
  readonly dtype: DataType;
  /** What a value must be, in words. */
  readonly expected: string;
  fits(value: unknown): boolean;
  /** `[rows, 1]`, for a set `[rows, longest]`. */
  encode(values: readonly unknown[]): Tensor;
}

/** Engines cut strings at NUL. */
function isText(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0");
}

function encodeTexts(values: readonly unknown[]): Tensor {
  return { dtype: "string", dims: [values.length, 1], data: values.map((value) => (value ?? "") as string) };
}

const text: Encoding = {
  dtype: "string",
  expected: "a text without a NUL character",
  fits: isText,
  encode: encodeTexts,
};

const encodings: Readonly<Record<ColumnKind, Encoding>> = {
  number: {
    dtype: "float32",
    expected: "a finite number that float32 holds",
    fits: (value) => typeof value === "number" && Number.isFinite(Math.fround(value)),
    encode: (values) => ({
      dtype: "float32",
      dims: [values.length, 1],
      data: Float32Array.from(values, (value) => (value ?? Number.NaN) as number),
    }),
  },
  category: text,
  text,
  set: {
    dtype: "string",
    expected: "a list of texts without a NUL character",
    fits: (value) => Array.isArray(value) && value.every(isText),
    encode: encodeSets,
  },
};

function encodeSets(values: readonly unknown[]): Tensor {
  const sets = values.map((value) => (value ?? []) as readonly string[]);
  const width = sets.reduce((longest, set) => Math.max(longest, set.length), 0);
  const data = new Array<string>(sets.length * width).fill("");
  sets.forEach((set, row) => {
    for (let index = 0; index < set.length; index++) data[row * width + index] = set[index]!;
  });
  return { dtype: "string", dims: [sets.length, width], data };
}

/** dtype of the graph input that a column feeds. */
export function columnDtype(kind: ColumnKind): DataType {
  return encodings[kind].dtype;
}

/**
 * Appends one line per problem of `values` to `issues`: columns the model does not take, and values of another kind.
 *
 * @param path - of `values` itself, without a dot behind.
 */
export function checkColumns(
  values: unknown,
  columns: readonly InputColumn[],
  path: string,
  issues: string[],
): void {
  if (!isRecord(values)) {
    issues.push(`${path}: expected an object of values by column, got ${show(values)}`);
    return;
  }
  checkKeys(
    values,
    columns.map((column) => column.name),
    `${path}.`,
    issues,
  );
  for (const { name, kind } of columns) {
    const value = ownValue(values, name);
    const { expected, fits } = encodings[kind];
    if (value === undefined || value === null || fits(value)) continue;
    issues.push(`${path}.${name.slice(0, 60)}: expected ${expected}, or null, got ${show(value)}`);
  }
}

/** One tensor per column for a batch of checked rows. */
export function encodeColumns(
  columns: readonly InputColumn[],
  rows: readonly ColumnValues[],
): Record<string, Tensor> {
  return Object.fromEntries(
    columns.map(({ name, kind }) => [name, encodings[kind].encode(rows.map((row) => ownValue(row, name)))]),
  );
}

/** Own values only: a column may be called `constructor`. */
function ownValue(values: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/**
 * The columns behind graph inputs, as far as feeding them needs: a number is float32, a set has a second dim that is
 * not 1; text stands for text and category, which are fed alike.
 */
export function columnsOf(inputs: readonly ValueInfo[]): readonly InputColumn[] {
  return inputs.map(({ name, dtype, dims }) => ({
    name,
    kind: dtype === "float32" ? "number" : dims[1] === 1 ? "text" : "set",
  }));
}

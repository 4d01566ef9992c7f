/** Columns of a model in the words and in the code of its card. */
import type { ColumnKind, RawValue } from "@attune/contracts";
import type { InputColumn } from "@attune/contracts/manifest";

/** One more sentence on the columns that a request may send; nothing where there are none. */
export function describeColumns(columns: readonly InputColumn[]): string {
  if (columns.length === 0) return "";
  const names = columns.map(({ name, kind }) => `\`${name}\` (${kind})`).join(", ");
  return ` It reads the columns ${names}; a value that is missing, or that the data never had, is no error.`;
}

/** A line of code that feeds a column of one row. `undefined` feeds what a missing value is. */
export function feedOf({ name, kind }: InputColumn, value: RawValue | undefined): string {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  return `${key}: ${feeds[kind](value)}`;
}

const feeds: Readonly<Record<ColumnKind, (value: RawValue | undefined) => string>> = {
  number: (value) => `new Tensor("float32", [${typeof value === "number" ? value : "NaN"}], [1, 1])`,
  category: feedText,
  text: feedText,
  set: (value) => {
    const list = Array.isArray(value) ? value : [];
    return `new Tensor("string", ${JSON.stringify(list)}, [1, ${list.length}])`;
  },
};

function feedText(value: RawValue | undefined): string {
  return `new Tensor("string", [${JSON.stringify(typeof value === "string" ? value : "")}], [1, 1])`;
}

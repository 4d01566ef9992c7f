/** The rows that break runtimes: one of each kind, made from the columns and made-up rows. */
import type { RawValue } from "@attune/contracts";
import type { ColumnUse } from "@attune/features";
import type { RawRow } from "../raw-rows.ts";
import { unknownLevel } from "../unknown-level.ts";

export interface NamedRow {
  /** What the row is for. */
  readonly name: string;
  readonly inputs: RawRow;
}

/**
 * All missing, all unknown, one missing at a time, the extremes, the first and the last level. Numbers beyond what train
 * saw are ten times their range away: models extrapolate, and float32 must still hold their sums.
 *
 * @param examples - made-up rows, from which numbers take their range.
 */
export function createEdgeRows(
  columns: readonly ColumnUse[],
  examples: readonly RawRow[],
): readonly NamedRow[] {
  const typical = examples[0] ?? row(columns, () => null);
  const numbers = new Map(columns.map(({ name }) => [name, rangeOf(examples, name)]));
  const extreme = (end: "low" | "high") =>
    row(columns, (column) => {
      const { low, high } = numbers.get(column.name)!;
      const reach = 10 * Math.max(high - low, 1);
      if (column.kind === "number") return end === "low" ? low - reach : high + reach;
      return typical[column.name] ?? null;
    });
  const known = (place: 0 | -1) =>
    row(columns, ({ kind, name, levels = [] }) => {
      if (kind === "number") return numbers.get(name)![place === 0 ? "low" : "high"];
      if (kind === "text") return typical[name] ?? "some text";
      const level = levels.at(place);
      if (level === undefined) return null;
      return kind === "set" ? [level] : level;
    });
  return [
    { name: "all-missing", inputs: row(columns, () => null) },
    { name: "all-unknown", inputs: row(columns, ({ kind }) => (kind === "number" ? 0 : unknownOf(kind))) },
    ...columns.flatMap(({ name, kind }) => [
      { name: `missing-${name}`, inputs: { ...typical, [name]: null } },
      ...(kind === "number" || kind === "text"
        ? []
        : [{ name: `unknown-${name}`, inputs: { ...typical, [name]: unknownOf(kind) } }]),
    ]),
    { name: "numbers-low", inputs: extreme("low") },
    { name: "numbers-high", inputs: extreme("high") },
    { name: "numbers-zero", inputs: zeros(columns, typical) },
    { name: "levels-first", inputs: known(0) },
    { name: "levels-last", inputs: known(-1) },
    ...setRows(columns, typical),
  ];
}

function row(columns: readonly ColumnUse[], read: (column: ColumnUse) => RawValue): RawRow {
  return Object.fromEntries(columns.map((column) => [column.name, read(column)]));
}

function unknownOf(kind: ColumnUse["kind"]): RawValue {
  return kind === "set" ? [unknownLevel, `${unknownLevel} 2`] : unknownLevel;
}

function zeros(columns: readonly ColumnUse[], typical: RawRow): RawRow {
  return row(columns, ({ kind, name }) => (kind === "number" ? 0 : (typical[name] ?? null)));
}

/** Sets of all levels, and of known among unknown values; where the model reads any. */
function setRows(columns: readonly ColumnUse[], typical: RawRow): readonly NamedRow[] {
  if (!columns.some(({ kind }) => kind === "set")) return [];
  const sets = (valuesOf: (levels: readonly string[]) => string[]) =>
    row(columns, ({ kind, name, levels = [] }) =>
      kind === "set" ? valuesOf(levels) : (typical[name] ?? null),
    );
  return [
    { name: "sets-full", inputs: sets((levels) => [...levels]) },
    {
      name: "sets-mixed",
      inputs: sets((levels) => [unknownLevel, ...levels.slice(0, 2), `${unknownLevel} 2`]),
    },
  ];
}

function rangeOf(examples: readonly RawRow[], name: string): { low: number; high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const example of examples) {
    const value = example[name];
    if (typeof value !== "number") continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

/** One value of one column at a time, from the column's own distribution: what several values say together is lost. */
import type { Column, RawValue } from "@attune/contracts";
import type { Random } from "@attune/numeric";
import { unknownLevel } from "../unknown-level.ts";
import { readDeciles } from "./deciles.ts";

export type SampleValue = (random: Random) => RawValue;

/** A word of free text is used only if so many rows have it: a rarer one may be a name. */
const minWordRows = 5;
const maxWords = 12;

/** A value train never had becomes one that no column knows; a missing one is null, as often as in the data. */
export function createValueSampler(column: Column, rowCount: number): SampleValue {
  const present = Int32Array.from({ length: rowCount }, (_, row) => row).filter(
    (row) => !column.missing?.[row],
  );
  if (present.length === 0) return () => null;
  const sample = samplerOf(column, present);
  return (random) => (random.integer(rowCount) < present.length ? sample(random) : null);
}

function samplerOf(column: Column, rows: Int32Array): SampleValue {
  const drawRow = (random: Random) => rows[random.integer(rows.length)]!;
  switch (column.kind) {
    case "number": {
      const { data } = column;
      const deciles = readDeciles(Float64Array.from(rows, (row) => data[row]!));
      return (random) => Number(deciles[random.integer(deciles.length)]!.toPrecision(3));
    }
    case "category":
      return (random) => column.levels[column.codes[drawRow(random)]!] ?? unknownLevel;
    case "set":
      return (random) => sampleSet(column, drawRow, random);
    case "text":
      return createTextSampler(column.data, rows);
  }
}

/** As many values as one row has, each of another row. */
function sampleSet(
  { offsets, codes, levels }: Extract<Column, { kind: "set" }>,
  drawRow: (random: Random) => number,
  random: Random,
): string[] {
  const sizeOf = (row: number) => offsets[row + 1]! - offsets[row]!;
  const values = new Set<string>();
  for (let left = sizeOf(drawRow(random)); left > 0; left--) {
    const row = drawRow(random);
    if (sizeOf(row) === 0) continue;
    values.add(levels[codes[offsets[row]! + random.integer(sizeOf(row))]!] ?? unknownLevel);
  }
  return [...values];
}

/** Words that many rows share, each drawn on its own. */
function createTextSampler(data: readonly string[], rows: Int32Array): SampleValue {
  const rowCounts = new Map<string, number>();
  for (const row of rows) {
    for (const word of new Set(wordsOf(data[row]!))) rowCounts.set(word, (rowCounts.get(word) ?? 0) + 1);
  }
  const shared = [...rowCounts].filter(([, count]) => count >= minWordRows).map(([word]) => word);
  if (shared.length === 0) return () => "some text";
  return (random) => {
    const length = Math.min(maxWords, Math.max(1, wordsOf(data[rows[random.integer(rows.length)]!]!).length));
    return Array.from({ length }, () => shared[random.integer(shared.length)]!).join(" ");
  };
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

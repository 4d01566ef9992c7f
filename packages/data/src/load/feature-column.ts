/** One feature of a side table: cells as they stand in the file to a typed column. */
import type { Column, ColumnKind } from "@attune/contracts";
import type { Cell } from "../engine/rows.ts";

export interface FeatureSource {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Between the values of a set. */
  readonly separator: string;
  /** `[rows]` a number or text; undefined where the value is missing. */
  readonly cells: readonly Cell[];
  /** `[rows]` whether a row's values are learned from; undefined: all are. */
  readonly isLearned: readonly boolean[] | undefined;
}

/**
 * Levels are the values of the learned rows in the order of their bytes. A value of another row that is no level has
 * the code −1 in a category, and is left out of a set. The codes of a set rise and are different.
 */
export function createFeatureColumn(source: FeatureSource): Column {
  const { name, kind, cells } = source;
  const missing = Uint8Array.from(cells, (cell) => Number(cell === undefined));
  const base = { name, ...(missing.includes(1) && { missing }) };
  if (kind === "number") {
    return {
      ...base,
      kind,
      data: Float64Array.from(cells, (cell) => (cell === undefined ? 0 : Number(cell))),
    };
  }
  const texts = cells.map((cell) => (cell === undefined ? "" : String(cell)));
  if (kind === "text") return { ...base, kind, data: texts };
  const values =
    kind === "category"
      ? texts.map((text) => (text === "" ? [] : [text]))
      : texts.map((text) => text.split(source.separator).filter((value) => value !== ""));
  const levels = learnLevels(values, source.isLearned);
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  if (kind === "category") {
    const codes = Int32Array.from(values, ([value]) =>
      value === undefined ? -1 : (codeOf.get(value) ?? -1),
    );
    return { ...base, kind, codes, levels };
  }
  const codes = values.map((row) =>
    [...new Set(row.map((value) => codeOf.get(value)))]
      .filter((code) => code !== undefined)
      .sort((a, b) => a - b),
  );
  const offsets = new Int32Array(cells.length + 1);
  for (const [row, own] of codes.entries()) offsets[row + 1] = offsets[row]! + own.length;
  return { ...base, kind, offsets, codes: Int32Array.from(codes.flat()), levels };
}

function learnLevels(
  values: readonly (readonly string[])[],
  isLearned: readonly boolean[] | undefined,
): string[] {
  const levels = new Set<string>();
  for (const [row, own] of values.entries()) {
    if (isLearned?.[row] ?? true) for (const value of own) levels.add(value);
  }
  return [...levels]
    .map((text) => ({ text, bytes: Buffer.from(text) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ text }) => text);
}

/** Four columns, one of each kind, and the one number that the tiny models make of a row of them. */
import type { RawValue, Tensor, ValueInfo } from "@attune/contracts";
import type { InputColumn } from "@attune/contracts/manifest";

/** Raw values of one row by column. */
export type TinyRow = Readonly<Record<string, RawValue>>;

export const tinyColumns: readonly InputColumn[] = [
  { name: "age", kind: "number" },
  { name: "country", kind: "category", levels: ["at", "日本"] },
  { name: "tags", kind: "set", levels: ["new", "sale"] },
  { name: "note", kind: "text" },
];

/** Value of a known country, of a known tag, and of the note `gift`. */
export const tinyEffects = { at: 1, 日本: -2, new: 0.25, sale: 0.5, gift: 3, perYear: 0.125 } as const;

/** How a graph declares these columns. */
export function columnInputs(columns: readonly InputColumn[]): readonly ValueInfo[] {
  return columns.map(({ name, kind }) => ({
    name,
    dtype: kind === "number" ? "float32" : "string",
    dims: ["batch", kind === "set" ? `${name}_values` : 1],
  }));
}

/** age / 8, plus what the country, each tag and the note are worth; missing and unknown values are worth nothing. */
export function tinyContext({ age, country, tags, note }: TinyRow): number {
  const worth = (value: unknown, known: readonly (keyof typeof tinyEffects)[]) =>
    known.reduce((sum, name) => (value === name ? sum + tinyEffects[name] : sum), 0);
  return (
    (typeof age === "number" ? Math.fround(age) * tinyEffects.perYear : 0) +
    worth(country, ["at", "日本"]) +
    (Array.isArray(tags) ? tags : []).reduce((sum, tag) => sum + worth(tag, ["new", "sale"]), 0) +
    worth(note, ["gift"])
  );
}

/** The rows behind a batch of feeds: what a graph of these columns is given, as raw values again. */
export function rowsOfFeeds(
  columns: readonly InputColumn[],
  feeds: Readonly<Record<string, Tensor>>,
): TinyRow[] {
  const batch = feeds[columns[0]!.name]!.dims[0]!;
  return Array.from({ length: batch }, (_, row) =>
    Object.fromEntries(
      columns.map(({ name, kind }) => {
        const { data, dims } = feeds[name]!;
        const values = Array.from(data as Iterable<string | number>).slice(
          row * dims[1]!,
          (row + 1) * dims[1]!,
        );
        if (kind === "set") return [name, values.filter((value): value is string => value !== "")];
        return [name, values[0] === "" || Number.isNaN(values[0]) ? null : values[0]!];
      }),
    ),
  );
}

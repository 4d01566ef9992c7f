/** What a person reads about an item: from `items.json` to words on the page. Pure; any file may import it. */
import type { ItemDetails } from "@attune/contracts";
import { splitTitle, tidyTitle } from "./title.ts";

/** Details by item id, in catalogue order (most popular first). Empty when the catalogue has no titles. */
export type ItemDirectory = ReadonlyMap<string, ItemDetails>;

/** What `itemDetails` accepts: rows of `items.json`, a map of them, or just id → title. */
export type ItemDetailsInput =
  | readonly ItemDetails[]
  | ReadonlyMap<string, ItemDetails | string>
  | Readonly<Record<string, ItemDetails | string>>;

function isDetails(value: unknown): value is ItemDetails {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { id?: unknown }).id === "string" &&
    typeof (value as { title?: unknown }).title === "string"
  );
}

/** Makes one directory of any accepted form. Entries without an id or a title are left out. */
export function createDirectory(input: ItemDetailsInput): ItemDirectory {
  const directory = new Map<string, ItemDetails>();
  if (Array.isArray(input)) {
    for (const row of input as readonly unknown[]) if (isDetails(row)) directory.set(row.id, row);
    return directory;
  }
  const entries = input instanceof Map ? input.entries() : Object.entries(input);
  for (const [id, value] of entries as Iterable<[string, unknown]>) {
    if (typeof value === "string") directory.set(id, { id, title: value });
    else if (typeof value === "object" && value !== null) {
      const row = { ...value, id };
      if (isDetails(row)) directory.set(id, row);
    }
  }
  return directory;
}

/** Reads the rows of an `items.json`: an array, or an object that holds one under `items`. Anything else is no rows. */
export function readItems(json: unknown): readonly ItemDetails[] {
  const rows = Array.isArray(json) ? json : ((json as { items?: unknown } | null)?.items ?? []);
  return Array.isArray(rows) ? rows.filter(isDetails) : [];
}

/** One item in words. `name` is the id when there is no title. */
export interface ItemWords {
  readonly name: string;
  /** `"1999"`; absent when the title carries no year. */
  readonly year?: string;
  /** Further columns in one line: `"Action, Sci-Fi, Thriller"`; empty when there are none. */
  readonly note: string;
  /** Everything in one line, for labels: `"The Matrix (1999)"`. */
  readonly label: string;
}

/**
 * Values of one column: `"Action|Sci-Fi"` → `["Action", "Sci-Fi"]`; empty values and "(no … listed)" are none. A page may
 * hand in rows of its own: a number is shown, anything else that is no text is not.
 */
export function columnValues(value: unknown): readonly string[] {
  return (typeof value === "string" || typeof value === "number" ? String(value) : "")
    .split("|")
    .map((part) => part.trim())
    .filter((part) => part !== "" && !/^\(no .*\)$/i.test(part));
}

/** The words for an id, from its details or, without any, from the id itself. */
export function describeItem(id: string, directory: ItemDirectory): ItemWords {
  const details = directory.get(id);
  if (details === undefined || details.title.trim() === "") return { name: id, note: "", label: id };
  const { name, others, year } = splitTitle(details.title);
  const columns = Object.entries(details).filter(([column]) => column !== "id" && column !== "title");
  const note = [...columns.map(([, value]) => columnValues(value).join(", ")), ...others]
    .filter((part) => part !== "" && part !== year)
    .join(" · ");
  const words = { name, note, label: tidyTitle(details.title) };
  return year === undefined ? words : { ...words, year };
}

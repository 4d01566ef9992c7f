/** What to call the items of a catalogue. Pure; the demo imports it. */
import type { ItemDirectory } from "./details.ts";
import { splitTitle } from "./title.ts";

/** One and many of the catalogue's things. */
export interface Noun {
  readonly one: string;
  readonly many: string;
  /** `"a film"`, `"an item"` */
  readonly any: string;
}

/**
 * Titles that mostly end in a year beside a genre column are films; other titles are "titles";
 * a catalogue of ids alone has "items".
 */
export function nounFor(directory: ItemDirectory): Noun {
  if (directory.size === 0) return { one: "item", many: "items", any: "an item" };
  let dated = 0;
  let withGenre = 0;
  for (const details of directory.values()) {
    if (splitTitle(details.title).year !== undefined) dated += 1;
    if (details.genres !== undefined || details.genre !== undefined) withGenre += 1;
  }
  const mostly = (count: number) => count >= directory.size * 0.8;
  return mostly(dated) && mostly(withGenre)
    ? { one: "film", many: "films", any: "a film" }
    : { one: "title", many: "titles", any: "a title" };
}

/** `countOf(1, noun)` → `"1 film"`, `countOf(3, noun)` → `"3 films"`. */
export function countOf(count: number, noun: Noun): string {
  return `${count} ${count === 1 ? noun.one : noun.many}`;
}

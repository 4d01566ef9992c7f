/** Search in titles as one types. Pure; the demo imports it. */
import { describeItem, type ItemDirectory } from "./details.ts";

/** One item made ready for searching. */
interface SearchEntry {
  readonly id: string;
  readonly text: string;
}

/** Items in catalogue order, most popular first: the order of equally good matches. */
export type SearchIndex = readonly SearchEntry[];

/** Lower case without accents or punctuation, words divided by one space: `"Amélie (2001)"` → `"amelie 2001"`. */
export function foldText(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/**
 * Prepares items once, so that each key press only compares strings. An item without a title is found by its id.
 *
 * @param ids - most popular first.
 */
export function createSearchIndex(ids: Iterable<string>, directory: ItemDirectory): SearchIndex {
  return Array.from(ids, (id) => ({ id, text: foldText(describeItem(id, directory).label) }));
}

// 0 is best. Every word typed must begin a word of the title, or, weaker and from three letters, stand anywhere in it.
function rank(text: string, query: string, words: readonly string[]): number | undefined {
  const bare = text.replace(/^(the|a|an) /, "");
  if (text.startsWith(query) || bare.startsWith(query)) return 0;
  const padded = ` ${text}`;
  if (padded.includes(` ${query}`)) return 1;
  if (words.every((word) => padded.includes(` ${word}`))) return 2;
  return words.every((word) => word.length > 2 && text.includes(word)) ? 3 : undefined;
}

/**
 * Ids whose title matches, best first; equally good matches in catalogue order.
 *
 * @param query - what was typed; empty or only punctuation finds nothing.
 * @param limit - most ids to return.
 * @param skip - ids to leave out, such as those picked already.
 */
export function searchItems(
  index: SearchIndex,
  query: string,
  limit: number,
  skip: ReadonlySet<string> = new Set(),
): readonly string[] {
  const folded = foldText(query);
  if (folded === "") return [];
  const words = folded.split(" ");
  const found: string[][] = [[], [], [], []];
  for (const { id, text } of index) {
    if (skip.has(id)) continue;
    const place = rank(text, folded, words);
    if (place !== undefined) found[place]!.push(id);
  }
  return found.flat().slice(0, limit);
}

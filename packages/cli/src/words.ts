/** Words a person meant: the nearest of those that there are. */
import { closest, distance } from "fastest-levenshtein";

/** Shorter words are too near to everything. */
const shortestPrefix = 3;

/** The word that was probably meant, or undefined when none is near: its beginning, or a slip or two away. */
export function nearestWord(typed: string, words: readonly string[]): string | undefined {
  if (words.length === 0 || typed === "") return undefined;
  const begun = words.filter((word) => word.startsWith(typed));
  if (typed.length >= shortestPrefix && begun.length === 1) return begun[0];
  const near = closest(typed, [...words]);
  const slips = typed.length <= 3 ? 1 : typed.length <= 7 ? 2 : 3;
  return distance(typed, near) <= slips ? near : undefined;
}

/** ` (did you mean X?)`, or nothing. */
export function suggestion(typed: string, words: readonly string[], prefix = ""): string {
  const near = nearestWord(typed, words);
  return near === undefined ? "" : ` (did you mean ${prefix}${near}?)`;
}

/** The beginning of a row or a value. */

const shownCharacters = 60;
/** A character has at most four bytes. */
const shownBytes = 4 * (shownCharacters + 1);

/** Bytes that are not UTF-8 show as U+FFFD. */
export function excerptOf(bytes: Buffer, start: number, end: number): string {
  return cutText(bytes.toString("utf8", start, Math.min(end, start + shownBytes)));
}

/** A text that is longer than what is shown ends in `…`. */
export function cutText(text: string): string {
  const shown = [...text.slice(0, 2 * (shownCharacters + 1))].slice(0, shownCharacters).join("");
  return shown.length < text.length ? `${shown}…` : shown;
}

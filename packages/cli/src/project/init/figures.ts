/** Figures and values as people read them. */

export function formatCount(value: number): string {
  return value.toLocaleString("en");
}

/** A share in whole percent; what is neither nothing nor all is never said to be. */
export function formatShare(part: number, whole: number): string {
  const share = whole === 0 ? 0 : (100 * part) / whole;
  if (share > 0 && share < 1) return "less than 1 %";
  if (share < 100 && share > 99) return "more than 99 %";
  return `${Math.round(share)} %`;
}

const shownCharacters = 60;

/** The beginning of a value; a longer one ends in `…`. */
export function cutText(text: string): string {
  const characters = [...text.slice(0, 2 * (shownCharacters + 1))];
  return characters.length <= shownCharacters ? text : `${characters.slice(0, shownCharacters).join("")}…`;
}

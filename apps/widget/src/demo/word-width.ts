/** How wide a title's widest word is, without a canvas: enough to choose a type size. Pure. */

// In widths of an "o", as bold grotesques draw them.
const narrow = /[ijltfrI'’.,:;!|()[\]]/;
const wide = /[mwMW@%]/;
const capital = /\p{Lu}/u;

function letterWidth(letter: string): number {
  if (narrow.test(letter)) return 0.65;
  if (wide.test(letter)) return 1.55;
  return capital.test(letter) ? 1.15 : 1;
}

/** Width of the widest word in widths of an "o"; at least 4. Words divide at blanks and after hyphens. */
export function widestWord(title: string): number {
  const widths = title
    .split(/\s+|(?<=[-–])/)
    .map((word) => Array.from(word).reduce((sum, letter) => sum + letterWidth(letter), 0));
  return Math.max(4, ...widths);
}

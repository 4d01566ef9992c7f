/** The word that was probably meant. */

/** @returns the nearest of `words`, at most two slips away; undefined when none is. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  const most = typed.length <= 4 ? 1 : 2;
  const measured = words.map((word) => ({ word, slips: slipsBetween(typed, word) }));
  const [best] = measured.sort((a, b) => a.slips - b.slips);
  return best !== undefined && best.slips <= most ? best.word : undefined;
}

/** Letters put in, left out, taken for another, or swapped with the next: optimal string alignment. */
function slipsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let slips = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        slips = Math.min(slips, before[j - 2]! + 1);
      }
      row.push(slips);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

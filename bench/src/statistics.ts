/** Small statistics over repeated measurements. */

/** The middle value; the mean of the two middle ones for an even count. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Rounds to a number of significant digits, for people. */
export function significant(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}

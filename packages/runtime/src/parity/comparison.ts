/** How far one answer is from the trainer's. */

export interface Comparison {
  readonly difference: number;
  /** `difference` over the trainer's number where that is above 1. */
  readonly scaled: number;
  /** The worst place in words, for people. */
  readonly where: string;
  /** Whether the discrete answer is the trainer's. */
  readonly same: boolean;
}

/** A number of an answer beside the trainer's. */
export interface Pair {
  readonly actual: number | undefined;
  readonly expected: number;
  /** What it is, for people. */
  readonly what: string;
}

/** A difference that no tolerance allows. */
export function failed(where: string): Comparison {
  return { difference: Number.POSITIVE_INFINITY, scaled: Number.POSITIVE_INFINITY, where, same: false };
}

/** The largest difference over all pairs; a number that is missing or not finite is one that no tolerance allows. */
export function comparePairs(pairs: readonly Pair[], same: boolean): Comparison {
  let difference = 0;
  let scaled = 0;
  let where = "no difference";
  for (const { actual, expected, what } of pairs) {
    const own = Math.abs((actual ?? Number.NaN) - expected);
    const words = `${what} is ${actual}, expected ${expected}`;
    if (Number.isNaN(own)) return failed(words);
    scaled = Math.max(scaled, own / Math.max(1, Math.abs(expected)));
    if (own > difference) {
      difference = own;
      where = words;
    }
  }
  return { difference, scaled, where, same };
}

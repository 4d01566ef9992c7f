/** One series of a histogram: observed on the hot path, read at a scrape. */

export interface Histogram {
  /** `[buckets]` upper bounds, inclusive and rising; one more bucket without a bound follows. */
  readonly bounds: readonly number[];
  /** `[buckets + 1]` observations of each bucket alone. */
  readonly counts: number[];
  sum: number;
}

export function createHistogram(bounds: readonly number[]): Histogram {
  return { bounds, counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 };
}

/** Some nanoseconds: no labels are looked up, nothing is allocated. */
export function observe(histogram: Histogram, value: number): void {
  const { bounds, counts } = histogram;
  let bucket = 0;
  while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
  counts[bucket]!++;
  histogram.sum += value;
}

export function countOf({ counts }: Histogram): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Quantiles of sorted values. */

/**
 * The quantile of sorted values, linear between order statistics (type 7 of Hyndman & Fan 1996, NumPy's default).
 *
 * @param sorted - `[n]` rising, n ≥ 1.
 * @param share - in [0, 1].
 */
export function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return Math.min(high, low + (position - below) * (high - low));
}

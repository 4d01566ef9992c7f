/** The value at a share of an ascending list, 0 ≤ share < 1: nearest rank, no interpolation. NaN for an empty list. */
export function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
}

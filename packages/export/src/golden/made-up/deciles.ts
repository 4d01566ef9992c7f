/** A distribution as ten values, none of them its ends: the least and the most may be one person's. */
const shares = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95];

/** The middles of the ten tenths, each a value that occurs; none where there are no values. Sorts `values` in place. */
export function readDeciles(values: Float64Array): readonly number[] {
  if (values.length === 0) return [];
  values.sort();
  return shares.map((share) => values[Math.round(share * (values.length - 1))]!);
}

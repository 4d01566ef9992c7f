/** Validation units in two halves: what tunes a setting does not also compare the models. */
import { createRandom } from "@attune/numeric";

/**
 * Splits units at random, by the seed alone. The tuning half is the larger one by at most a unit. A single unit is in
 * both halves: there is nothing to hold apart.
 *
 * @param units - rising.
 * @returns both halves, rising.
 */
export function halveUnits(
  units: Int32Array,
  seed: number,
): { readonly tuning: Int32Array; readonly choosing: Int32Array } {
  if (units.length < 2) return { tuning: units, choosing: units };
  const shuffled = createRandom(seed).fork("halves").shuffle(units.slice());
  const middle = Math.ceil(units.length / 2);
  return { tuning: shuffled.slice(0, middle).sort(), choosing: shuffled.slice(middle).sort() };
}

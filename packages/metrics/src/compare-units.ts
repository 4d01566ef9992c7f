/** How much better one model is than another on the same units, and how likely that is luck. */
import type { Estimate } from "@attune/contracts/manifest";
import { createRandom } from "@attune/numeric";
import { type BootstrapOptions, bootstrapDifference } from "./bootstrap.ts";

export interface UnitComparison {
  /** Mean of `a − b` with its bootstrap interval. */
  readonly lead: Estimate;
  /** One-sided p-value of "a is no better than b", in (0, 1]. */
  readonly p: number;
}

/** Sums that differ by less than this share of their summands are the same but for rounding. */
const rounding = 1e-12;

/**
 * Compares two models unit by unit. The interval says how large the lead is; the p-value, by flipping the signs of the
 * differences at random, how often equal models would lead by as much: (1 + flips that lead as much) / (1 + flips). It
 * holds its level with few units too, where a percentile interval is too narrow.
 *
 * @param a - `[units]` higher is better.
 * @param b - `[units]` in the same order of units.
 * @throws {AttuneError} as `bootstrapDifference`.
 * @see Fisher 1935, "The design of experiments", §21 (flipping signs of paired differences); Smucker, Allan & Carterette
 * 2007 (for ranking metrics); Davison & Hinkley 1997, §4.2.5 (the added one keeps a Monte Carlo p-value valid).
 */
export function compareUnits(
  a: Float64Array,
  b: Float64Array,
  options: BootstrapOptions = {},
): UnitComparison {
  const lead = bootstrapDifference(a, b, options);
  // A difference of 0 is the same with either sign.
  const differences = a.map((value, unit) => value - b[unit]!).filter((difference) => difference !== 0);
  return { lead, p: flipSigns(differences, options) };
}

function flipSigns(differences: Float64Array, { samples = 1000, seed = 0 }: BootstrapOptions): number {
  const random = createRandom(seed).fork("signs");
  let observed = 0;
  let magnitude = 0;
  for (const difference of differences) {
    observed += difference;
    magnitude += Math.abs(difference);
  }
  let asGood = 0;
  for (let sample = 0; sample < samples; sample++) {
    let sum = 0;
    let bits = 0;
    for (let at = 0; at < differences.length; at++) {
      if (at % 32 === 0) bits = random.uint32();
      sum += (bits & 1) === 0 ? differences[at]! : -differences[at]!;
      bits >>>= 1;
    }
    if (sum >= observed - rounding * magnitude) asGood += 1;
  }
  return (1 + asGood) / (1 + samples);
}

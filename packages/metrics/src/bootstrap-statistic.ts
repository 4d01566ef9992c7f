/** Percentile intervals of figures that are no means: the figure is computed anew on every resample. */
import { AttuneError } from "@attune/contracts";
import type { Estimate } from "@attune/contracts/manifest";
import { createRandom } from "@attune/numeric";
import { type BootstrapOptions, checkOptions, percentileInterval } from "./bootstrap.ts";

/**
 * A figure of all units together (an AUC, say) with its percentile bootstrap interval, on the resamples that
 * `bootstrapMean` draws for as many units and the same seed.
 *
 * @param unitCount - ≥ 1.
 * @param statistic - the figure of some units, `[unitCount]` indexes that may repeat; the array is reused. NaN where it
 *   is not defined (no positive row): such a resample does not count.
 * @returns without an interval for a single unit, or when it is defined on no resample.
 * @throws {AttuneError} `METRICS_ARGUMENT` without units, for a bad option, or when the figure of all units is not finite.
 */
export function bootstrapStatistic(
  unitCount: number,
  statistic: (units: Int32Array) => number,
  options: BootstrapOptions = {},
): Estimate {
  const { samples = 1000, seed = 0, level = 0.95 } = options;
  checkOptions(samples, level);
  const value =
    unitCount > 0 ? statistic(Int32Array.from({ length: unitCount }, (_, unit) => unit)) : Number.NaN;
  if (!Number.isFinite(value)) {
    throw new AttuneError("METRICS_ARGUMENT", {
      what: "statistic",
      expected: "a finite figure of at least one unit",
      actual: `${value} of ${unitCount}`,
    });
  }
  const random = createRandom(seed);
  const units = new Int32Array(unitCount);
  const resampled = Float64Array.from({ length: samples }, () => {
    random.integers(unitCount, units);
    return statistic(units);
  }).filter((figure) => !Number.isNaN(figure));
  if (unitCount < 2 || resampled.length === 0) return { value };
  return { value, interval: percentileInterval(resampled.sort(), level) };
}

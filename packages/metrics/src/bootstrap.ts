/** Percentile intervals by resampling users: of means, and of paired differences of means. */
import { AttuneError } from "@attune/contracts";
import type { Estimate } from "@attune/contracts/manifest";
import { createRandom } from "@attune/numeric";

export interface BootstrapOptions {
  /** Resamples, an integer ≥ 1. Default 1000. */
  readonly samples?: number;
  /** Same seed and same number of users: the same resamples, whatever the metric. Default 0. */
  readonly seed?: number;
  /** Share of resamples inside the interval, in (0, 1). Default 0.95. */
  readonly level?: number;
}

/**
 * The mean over users with its percentile bootstrap interval: users are drawn with replacement `samples` times, and the
 * bounds are the (1 − level)/2 and (1 + level)/2 quantiles of the resampled means, linear between order statistics
 * (type 7 of Hyndman & Fan 1996, NumPy's default).
 *
 * @param values - `[users]` one finite value per user.
 * @throws {AttuneError} `METRICS_ARGUMENT` without users, for a value that is not finite, or a bad option.
 * @see Efron & Tibshirani 1993, ch. 13 (the percentile interval); Sakai 2006 (resampling topics, here users).
 */
export function bootstrapMean(values: Float64Array, options: BootstrapOptions = {}): Estimate {
  return bootstrapMeans({ mean: values }, options).mean;
}

/**
 * `bootstrapMean` of `a − b`, user by user: the interval of how much better `a` is on the same users. It excludes zero
 * when the difference is unlikely to be luck of the draw of users.
 *
 * @param a - `[users]`
 * @param b - `[users]` in the same order of users.
 * @throws {AttuneError} as `bootstrapMean`; `METRICS_SHAPE` when the two differ in length.
 */
export function bootstrapDifference(
  a: Float64Array,
  b: Float64Array,
  options: BootstrapOptions = {},
): Estimate {
  return bootstrapDifferences({ difference: a }, { difference: b }, options).difference;
}

/**
 * `bootstrapMean` of several metrics of the same users, on the same resamples, which are drawn once.
 *
 * @param columns - name → `[users]`.
 * @throws {AttuneError} as `bootstrapMean`; `METRICS_SHAPE` when the columns differ in length.
 */
export function bootstrapMeans<Name extends string>(
  columns: Readonly<Record<Name, Float64Array>>,
  options: BootstrapOptions = {},
): Record<Name, Estimate> {
  const { samples = 1000, seed = 0, level = 0.95 } = options;
  checkOptions(samples, level);
  const names = Object.keys(columns) as Name[];
  const userCount = checkColumns(names, columns);
  const width = names.length;
  const means = Float64Array.from(names, (name) => mean(columns[name]));
  const settle = names.map((name) => createSettle(columns[name]));
  // Deviations from the mean, user by user: short sums, and one pass over memory per resample.
  const rows = new Float64Array(userCount * width);
  names.forEach((name, column) => {
    const values = columns[name];
    for (let user = 0; user < userCount; user++) rows[user * width + column] = values[user]! - means[column]!;
  });

  const random = createRandom(seed);
  const draws = new Int32Array(userCount);
  const sums = new Float64Array(width);
  const resampled = Array.from(names, () => new Float64Array(samples));
  for (let sample = 0; sample < samples; sample++) {
    draws.fill(0);
    for (let draw = 0; draw < userCount; draw++) draws[random.integer(userCount)]!++;
    sums.fill(0);
    for (let user = 0; user < userCount; user++) {
      const times = draws[user]!;
      if (times === 0) continue;
      const start = user * width;
      for (let column = 0; column < width; column++) sums[column]! += times * rows[start + column]!;
    }
    for (let column = 0; column < width; column++) {
      resampled[column]![sample] = settle[column]!(means[column]! + sums[column]! / userCount);
    }
  }

  const estimates = names.map((name, column): [Name, Estimate] => {
    const sorted = resampled[column]!.sort();
    const lower = quantile(sorted, (1 - level) / 2);
    const upper = quantile(sorted, (1 + level) / 2);
    return [name, { value: means[column]!, lower, upper }];
  });
  return Object.fromEntries(estimates) as Record<Name, Estimate>;
}

/**
 * `bootstrapDifference` of several metrics on the same resamples.
 *
 * @param a - name → `[users]`.
 * @param b - the same names → `[users]`, in the same order of users.
 * @throws {AttuneError} as `bootstrapMeans`; `METRICS_SHAPE` when `b` lacks a column of `a` or differs in length.
 */
export function bootstrapDifferences<Name extends string>(
  a: Readonly<Record<Name, Float64Array>>,
  b: Readonly<Record<Name, Float64Array>>,
  options: BootstrapOptions = {},
): Record<Name, Estimate> {
  const differences = (Object.keys(a) as Name[]).map((name): [Name, Float64Array] => {
    const left = a[name];
    const right: Float64Array | undefined = b[name];
    if (left.length !== right?.length) {
      throw new AttuneError("METRICS_SHAPE", {
        what: `b.${name}`,
        expected: `[${left.length}]`,
        actual: right === undefined ? "no such column" : `[${right.length}]`,
      });
    }
    return [name, left.map((value, user) => value - right[user]!)];
  });
  return bootstrapMeans(Object.fromEntries(differences) as Record<Name, Float64Array>, options);
}

/**
 * The quantile of sorted values, linear between order statistics (type 7 of Hyndman & Fan 1996).
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

/** Sum by Neumaier's compensation, so that the order of users does not show in the last digits. */
function mean(values: Float64Array): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return (sum + lost) / values.length;
}

/**
 * Takes the rounding out of a resampled mean. It lies between the smallest and the largest value; and one that is 0 but
 * for the last bits of its summands is 0: else they would decide whether an interval excludes zero.
 */
function createSettle(values: Float64Array): (resampled: number) => number {
  const lowest = values.reduce((low, value) => Math.min(low, value));
  const highest = values.reduce((high, value) => Math.max(high, value));
  const negligible = 1e-13 * Math.max(Math.abs(lowest), Math.abs(highest));
  return (resampled) => {
    const rounded = Math.abs(resampled) <= negligible ? 0 : resampled;
    return Math.min(highest, Math.max(lowest, rounded));
  };
}

function checkOptions(samples: number, level: number): void {
  if (!Number.isInteger(samples) || samples < 1) {
    throw new AttuneError("METRICS_ARGUMENT", {
      what: "samples",
      expected: "an integer ≥ 1",
      actual: String(samples),
    });
  }
  if (!(level > 0 && level < 1)) {
    throw new AttuneError("METRICS_ARGUMENT", {
      what: "level",
      expected: "a share in (0, 1)",
      actual: String(level),
    });
  }
}

/** The number of users that all columns agree on. */
function checkColumns<Name extends string>(
  names: readonly Name[],
  columns: Readonly<Record<Name, Float64Array>>,
): number {
  const [first] = names;
  if (first === undefined || columns[first].length === 0) {
    throw new AttuneError("METRICS_ARGUMENT", {
      what: first ?? "columns",
      expected: "at least one metric of at least one user",
      actual: "none",
    });
  }
  const userCount = columns[first].length;
  for (const name of names) {
    const values = columns[name];
    if (values.length !== userCount) {
      throw new AttuneError("METRICS_SHAPE", {
        what: name,
        expected: `[${userCount}]`,
        actual: `[${values.length}]`,
      });
    }
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new AttuneError("METRICS_ARGUMENT", {
        what: `${name}[${bad}]`,
        expected: "a finite number",
        actual: String(values[bad]),
      });
    }
  }
  return userCount;
}

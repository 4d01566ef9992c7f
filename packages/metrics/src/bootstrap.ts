/** Percentile intervals by resampling users: of means, and of paired differences of means. */
import { AttuneError } from "@attune/contracts";
import type { Estimate } from "@attune/contracts/manifest";
import { createRandom, quantile } from "@attune/numeric";

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
 * @returns without an interval for a single user.
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
  const { level = 0.95 } = options;
  const { means, resampled } = resampleMeans(columns, options);
  const names = Object.keys(columns) as Name[];
  const estimates = names.map((name, column): [Name, Estimate] => [
    name,
    {
      value: means[column]!,
      // One user is drawn every time: that tells nothing of how means vary.
      ...(columns[name].length > 1 && { interval: percentileInterval(resampled[column]!, level) }),
    },
  ]);
  return Object.fromEntries(estimates) as Record<Name, Estimate>;
}

/** @param sorted - resampled figures, rising. */
export function percentileInterval(sorted: Float64Array, level: number): NonNullable<Estimate["interval"]> {
  const lower = quantile(sorted, (1 - level) / 2);
  const upper = quantile(sorted, (1 + level) / 2);
  return { kind: "bootstrap", level, lower, upper };
}

/**
 * Means of the columns, and their resampled means sorted upwards.
 *
 * Users whose row of values is the same are counted together, so a resample costs one look per user and one product per
 * distinct row: with metrics of short lists most users share a few rows.
 */
function resampleMeans<Name extends string>(
  columns: Readonly<Record<Name, Float64Array>>,
  { samples = 1000, seed = 0, level = 0.95 }: BootstrapOptions,
): { readonly means: Float64Array; readonly resampled: readonly Float64Array[] } {
  checkOptions(samples, level);
  const names = Object.keys(columns) as Name[];
  const userCount = checkColumns(names, columns);
  const width = names.length;
  const means = Float64Array.from(names, (name) => mean(columns[name]));
  const settle = names.map((name) => createSettle(columns[name]));
  const { rowOf, firsts } = groupRows(names.map((name) => columns[name]));
  // Deviations from the mean, row by row: short sums, and one pass over memory per resample.
  const rows = new Float64Array(firsts.length * width);
  names.forEach((name, column) => {
    firsts.forEach((user, row) => {
      rows[row * width + column] = columns[name][user]! - means[column]!;
    });
  });

  const random = createRandom(seed);
  const drawn = new Int32Array(userCount);
  const draws = new Int32Array(firsts.length);
  const sums = new Float64Array(width);
  const resampled = Array.from(names, () => new Float64Array(samples));
  for (let sample = 0; sample < samples; sample++) {
    draws.fill(0);
    random.integers(userCount, drawn);
    for (let draw = 0; draw < userCount; draw++) draws[rowOf[drawn[draw]!]!]!++;
    sums.fill(0);
    for (let row = 0; row < firsts.length; row++) {
      const times = draws[row]!;
      if (times === 0) continue;
      const start = row * width;
      for (let column = 0; column < width; column++) sums[column]! += times * rows[start + column]!;
    }
    for (let column = 0; column < width; column++) {
      resampled[column]![sample] = settle[column]!(means[column]! + sums[column]! / userCount);
    }
  }
  for (const column of resampled) column.sort();
  return { means, resampled };
}

/**
 * Users with the same values in every column.
 *
 * @returns `rowOf` `[users]` their distinct row; `firsts` `[rows]` the first user of each.
 */
function groupRows(columns: readonly Float64Array[]): {
  readonly rowOf: Int32Array;
  readonly firsts: readonly number[];
} {
  const rowOf = new Int32Array(columns[0]!.length);
  let rowCount = 1;
  for (const values of columns) {
    const next = new Map<number, Map<number, number>>();
    let found = 0;
    for (let user = 0; user < values.length; user++) {
      const row = rowOf[user]!;
      const byValue = next.get(row) ?? new Map<number, number>();
      if (byValue.size === 0) next.set(row, byValue);
      let group = byValue.get(values[user]!);
      if (group === undefined) {
        group = found++;
        byValue.set(values[user]!, group);
      }
      rowOf[user] = group;
    }
    rowCount = found;
  }
  const firsts = new Array<number>(rowCount).fill(-1);
  rowOf.forEach((row, user) => {
    if (firsts[row]! < 0) firsts[row] = user;
  });
  return { rowOf, firsts };
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
  const differences = (Object.keys(a) as Name[]).map((name): [Name, Float64Array] => [
    name,
    subtract(name, a[name], b[name]),
  ]);
  return bootstrapMeans(Object.fromEntries(differences) as Record<Name, Float64Array>, options);
}

function subtract(name: string, a: Float64Array, b: Float64Array | undefined): Float64Array {
  if (a.length === b?.length) return a.map((value, user) => value - b[user]!);
  throw new AttuneError("METRICS_SHAPE", {
    what: `b.${name}`,
    expected: `[${a.length}]`,
    actual: b === undefined ? "no such column" : `[${b.length}]`,
  });
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

/** @throws {AttuneError} `METRICS_ARGUMENT` */
export function checkOptions(samples: number, level: number): void {
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

/** Figures of one predicted number each, and of its interval: means of them are the usual metrics. */
import { checkLength } from "./row-shape.ts";

/**
 * (prediction − truth)², lower is better. The root of their mean is the RMSE.
 *
 * @param predictions - `[rows]`
 * @param truth - `[rows]`
 * @throws {AttuneError} `METRICS_SHAPE`
 */
export function squaredErrors(predictions: Float64Array, truth: Float64Array): Float64Array {
  checkLength("predictions", predictions.length, truth.length);
  return truth.map((value, row) => (predictions[row]! - value) ** 2);
}

/** |prediction − truth|, lower is better. @throws {AttuneError} `METRICS_SHAPE` */
export function absoluteErrors(predictions: Float64Array, truth: Float64Array): Float64Array {
  checkLength("predictions", predictions.length, truth.length);
  return truth.map((value, row) => Math.abs(predictions[row]! - value));
}

/** A central interval per row. */
export interface Bounds {
  /** `[rows]` */
  readonly lower: Float64Array;
  /** `[rows]` */
  readonly upper: Float64Array;
}

/**
 * Width of the interval, and 2/α times the distance by which the truth lies outside; α = 1 − level. Lower is better, and
 * best in the mean for the true quantiles.
 *
 * @param level - share the interval claims to hold, in (0, 1).
 * @throws {AttuneError} `METRICS_SHAPE`
 * @see Gneiting & Raftery 2007, "Strictly proper scoring rules, prediction, and estimation", eq. 43.
 */
export function intervalScores({ lower, upper }: Bounds, truth: Float64Array, level: number): Float64Array {
  checkLength("lower", lower.length, truth.length);
  checkLength("upper", upper.length, truth.length);
  const penalty = 2 / (1 - level);
  return truth.map(
    (value, row) =>
      upper[row]! -
      lower[row]! +
      penalty * (Math.max(0, lower[row]! - value) + Math.max(0, value - upper[row]!)),
  );
}

/** 1 where the truth lies in the interval, bounds included, else 0. @throws {AttuneError} `METRICS_SHAPE` */
export function covered({ lower, upper }: Bounds, truth: Float64Array): Float64Array {
  checkLength("lower", lower.length, truth.length);
  checkLength("upper", upper.length, truth.length);
  return truth.map((value, row) => (value >= lower[row]! && value <= upper[row]! ? 1 : 0));
}

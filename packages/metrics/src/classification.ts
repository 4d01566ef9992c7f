/** Figures of one classified row each: means of them are the usual metrics. */
import { checkLength, checkRows } from "./row-shape.ts";

/** A probability is at least this much: the loss of a class that was held impossible stays finite. */
const smallest = 1e-15;

/**
 * −ln p(true class), natural logarithm, p clipped to `[1e-15, 1]`.
 *
 * @param probabilities - `[rows, classes]` in [0, 1].
 * @param labels - `[rows]` true class, in `[0, classes)`.
 * @returns `[rows]` ≥ 0, lower is better.
 * @throws {AttuneError} `METRICS_SHAPE`, `METRICS_ARGUMENT` for a label out of range.
 */
export function logLosses(probabilities: Float64Array, labels: Int32Array): Float64Array {
  const classes = checkRows(probabilities, labels);
  return Float64Array.from(labels, (label, row) =>
    // Not −0 for a certain and right answer.
    Math.abs(Math.log(Math.min(1, Math.max(smallest, probabilities[row * classes + label]!)))),
  );
}

/**
 * 1 where the most probable class is the true one, else 0; of equally probable classes the first counts.
 *
 * @returns `[rows]`, higher is better.
 * @throws {AttuneError} as `logLosses`.
 */
export function accuracies(probabilities: Float64Array, labels: Int32Array): Float64Array {
  const classes = checkRows(probabilities, labels);
  return Float64Array.from(labels, (label, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (probabilities[row * classes + c]! > probabilities[row * classes + best]!) best = c;
    }
    return best === label ? 1 : 0;
  });
}

/**
 * Squared distance between the probabilities and the truth, summed over classes: in [0, 2], lower is better. For two
 * classes this is twice the one-column form.
 *
 * @returns `[rows]`
 * @throws {AttuneError} as `logLosses`.
 * @see Brier 1950, "Verification of forecasts expressed in terms of probability".
 */
export function brierScores(probabilities: Float64Array, labels: Int32Array): Float64Array {
  const classes = checkRows(probabilities, labels);
  return Float64Array.from(labels, (label, row) => {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += (probabilities[row * classes + c]! - (c === label ? 1 : 0)) ** 2;
    return sum;
  });
}

/**
 * Area under the ROC curve: how often a positive row scores above a negative one, ties counting half.
 *
 * @param scores - `[rows]` any finite reals.
 * @param positive - `[rows]` 1 or 0.
 * @returns in [0, 1]; NaN when one of the two kinds is missing.
 * @throws {AttuneError} `METRICS_SHAPE`
 * @see Mann & Whitney 1947; Hanley & McNeil 1982.
 */
export function auc(scores: Float64Array, positive: Uint8Array): number {
  return prepareAuc(scores, positive)(new Int32Array(scores.length).fill(1));
}

/**
 * `auc` for many resamples of the same rows: sorted once, then one pass each.
 *
 * @returns the area when row `r` counts `times[r]` times; NaN when one of the two kinds is missing.
 * @throws {AttuneError} `METRICS_SHAPE`
 */
export function prepareAuc(scores: Float64Array, positive: Uint8Array): (times: Int32Array) => number {
  checkLength("positive", positive.length, scores.length);
  const order = Int32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  return (times) => {
    let positives = 0;
    let negatives = 0;
    let pairs = 0;
    for (let start = 0; start < order.length; ) {
      const score = scores[order[start]!]!;
      let above = 0;
      let beside = 0;
      let at = start;
      for (; at < order.length && scores[order[at]!] === score; at++) {
        const row = order[at]!;
        if (positive[row] !== 0) above += times[row]!;
        else beside += times[row]!;
      }
      pairs += above * (negatives + beside / 2);
      positives += above;
      negatives += beside;
      start = at;
    }
    return pairs / (positives * negatives);
  };
}

/** An evaluation as the figures a manifest and a report hold: means with intervals, and differences of two models. */
import { AttuneError } from "@attune/contracts";
import type { Estimate } from "@attune/contracts/manifest";
import { type BootstrapOptions, bootstrapDifferences, bootstrapMeans } from "./bootstrap.ts";
import type { EvaluationResult } from "./evaluation.ts";
import type { MetricName } from "./metric-name.ts";
import { type SliceName, sliceNames } from "./slices.ts";

export interface EvaluationSummary {
  /** Users the means are over. */
  readonly users: number;
  /** `"ndcg@10"` → mean over users and its interval. */
  readonly metrics: Record<MetricName, Estimate>;
  /** Slice → its users and their means; no metrics when nobody is in it. */
  readonly slices: Record<
    SliceName,
    { readonly users: number; readonly metrics: Record<MetricName, Estimate> }
  >;
}

/**
 * Means over users with bootstrap intervals, of all users and of each slice.
 * @throws {AttuneError} `METRICS_ARGUMENT` for a bad option.
 */
export function summarizeEvaluation(
  evaluation: EvaluationResult,
  options: BootstrapOptions = {},
): EvaluationSummary {
  const slices = sliceNames.map((name) => {
    const { rows, metrics } = evaluation.slices[name];
    return [name, { users: rows.length, metrics: rows.length === 0 ? {} : bootstrapMeans(metrics, options) }];
  });
  return {
    users: evaluation.users.length,
    metrics: bootstrapMeans(evaluation.metrics, options),
    slices: Object.fromEntries(slices) as EvaluationSummary["slices"],
  };
}

/**
 * Metric by metric, how much better `candidate` ranks than `baseline` on the same users: paired bootstrap.
 *
 * @returns `"ndcg@10"` → mean of candidate − baseline, and its interval.
 * @throws {AttuneError} `METRICS_SHAPE` when the two did not rank the same users in the same order, or lack a cut-off.
 */
export function compareEvaluations(
  candidate: EvaluationResult,
  baseline: EvaluationResult,
  options: BootstrapOptions = {},
): Record<MetricName, Estimate> {
  const different =
    candidate.users.length === baseline.users.length
      ? candidate.users.findIndex((user, row) => user !== baseline.users[row])
      : Math.min(candidate.users.length, baseline.users.length);
  if (different >= 0) {
    throw new AttuneError("METRICS_SHAPE", {
      what: "baseline.users",
      expected: `the ${candidate.users.length} users of the candidate in the same order`,
      actual: `${baseline.users.length} users, another one from row ${different} on`,
    });
  }
  return bootstrapDifferences(candidate.metrics, baseline.metrics, options);
}

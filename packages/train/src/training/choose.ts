/** Which model is released: from simple to complex, each must clearly beat the one that holds the place. */
import type { Estimate } from "@attune/contracts/manifest";
import {
  type BootstrapOptions,
  bootstrapDifference,
  type EvaluationResult,
  type MetricName,
} from "@attune/metrics";

/** A trainer's best setting on the validation users. */
export interface Contender {
  readonly kind: string;
  readonly title: string;
  readonly evaluation: EvaluationResult;
}

export interface Choice {
  readonly kind: string;
  /** A few sentences for the report. */
  readonly reason: string;
}

/**
 * The simplest model holds the place first. Each more complex one takes it only if it beats the holder by a paired
 * interval that excludes zero. So a released model clearly beats what it replaced, down to the simplest, and an unclear
 * step in between does not stop a better model behind it.
 *
 * @param contenders - simplest first, at least one, ranked on the same users.
 * @param metric - `"ndcg@10"`
 */
export function chooseModel(
  contenders: readonly Contender[],
  metric: string,
  options: BootstrapOptions,
): Choice {
  const [simplest, ...challengers] = contenders as [Contender, ...Contender[]];
  if (challengers.length === 0)
    return { kind: simplest.kind, reason: `${simplest.title} is the only model.` };
  const steps: string[] = [];
  let holder = simplest;
  for (const challenger of challengers) {
    const lead = bootstrapDifference(valuesOf(challenger, metric), valuesOf(holder, metric), options);
    const wins = lead.lower > 0;
    const verb = wins ? "beats" : "does not clearly beat";
    steps.push(`${challenger.title} ${verb} ${holder.title} (${interval(lead)})`);
    if (wins) holder = challenger;
  }
  const value = meanMetric(holder.evaluation, metric).toFixed(4);
  return {
    kind: holder.kind,
    reason: `${holder.title} is released, ${metric} ${value} on the validation users. From simple to complex: ${steps.join("; ")}.`,
  };
}

/** Mean of the deciding metric over the ranked users. */
export function meanMetric(evaluation: EvaluationResult, metric: string): number {
  const values = metricValues(evaluation, metric);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function metricValues(evaluation: EvaluationResult, metric: string): Float64Array {
  return evaluation.metrics[metric as MetricName]!;
}

function valuesOf(contender: Contender, metric: string): Float64Array {
  return metricValues(contender.evaluation, metric);
}

function interval(estimate: Estimate): string {
  const [value, lower, upper] = [estimate.value, estimate.lower, estimate.upper].map((number) =>
    number.toFixed(4),
  );
  return `difference ${value}, 95 % interval ${lower} to ${upper}`;
}

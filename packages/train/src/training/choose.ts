/** Which model is released: the simplest that nothing more complex clearly beats. */
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
 * The best validation value wins only if it beats the best simpler contender with a paired interval that excludes
 * zero; otherwise that simpler one must show the same against those simpler than itself, and so on.
 *
 * @param contenders - simplest first, at least one, ranked on the same users.
 * @param metric - `"ndcg@10"`
 */
export function chooseModel(
  contenders: readonly Contender[],
  metric: string,
  options: BootstrapOptions,
): Choice {
  const reasons: string[] = [];
  let at = findBest(contenders, metric);
  for (;;) {
    const candidate = contenders[at]!;
    if (at === 0) {
      reasons.push(explainSimplest(contenders, metric, reasons.length > 0));
      return { kind: candidate.kind, reason: reasons.join(" ") };
    }
    const simplerAt = findBest(contenders.slice(0, at), metric);
    const simpler = contenders[simplerAt]!;
    const lead = bootstrapDifference(valuesOf(candidate, metric), valuesOf(simpler, metric), options);
    const names = `${candidate.title} (${figure(candidate, metric)}) leads ${simpler.title} (${figure(simpler, metric)})`;
    if (lead.lower > 0) {
      reasons.push(
        `${names} in ${metric} on the validation users by ${interval(lead)}, which excludes zero.`,
      );
      return { kind: candidate.kind, reason: reasons.join(" ") };
    }
    reasons.push(
      `${names} in ${metric} by ${interval(lead)}, which includes zero: the simpler one is taken.`,
    );
    at = simplerAt;
  }
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

/** Index of the highest mean; the simpler one of two equals. */
function findBest(contenders: readonly Contender[], metric: string): number {
  const values = contenders.map((contender) => meanMetric(contender.evaluation, metric));
  return values.indexOf(Math.max(...values));
}

function explainSimplest(contenders: readonly Contender[], metric: string, compared: boolean): string {
  const [only, ...others] = contenders as [Contender, ...Contender[]];
  if (others.length === 0) return `${only.title} is the only model.`;
  if (compared) return `${only.title} is the simplest model.`;
  return `${only.title} has the highest ${metric} on the validation users (${figure(only, metric)}), and is the simplest model.`;
}

function figure(contender: Contender, metric: string): string {
  return meanMetric(contender.evaluation, metric).toFixed(4);
}

function interval(estimate: Estimate): string {
  const [value, lower, upper] = [estimate.value, estimate.lower, estimate.upper].map((number) =>
    number.toFixed(4),
  );
  return `${value} [${lower}, ${upper}]`;
}

/** Names of the per-user ranking metrics, `"ndcg@10"`, and the check of their cut-offs. */
import { AttuneError } from "@attune/contracts";

/** The per-user ranking metrics, in the order of every table. Their formulas stand at `measureList`. */
export const rankingMetrics = ["precision", "recall", "ndcg", "map", "mrr", "hit-rate"] as const;

export type RankingMetric = (typeof rankingMetrics)[number];

/** A per-user metric at a cut-off: `"ndcg@10"`. */
export type MetricName = `${RankingMetric}@${number}`;

/**
 * Splits `"ndcg@10"` into its metric and its cut-off.
 * @throws {AttuneError} `METRICS_ARGUMENT` when it is no ranking metric at an integer k ≥ 1.
 */
export function parseMetricName(name: string): { metric: RankingMetric; k: number } {
  const [metric, k, ...rest] = name.split("@");
  const known = rankingMetrics.find((one) => one === metric);
  if (known === undefined || rest.length > 0 || !/^[1-9][0-9]*$/.test(k ?? "")) {
    throw new AttuneError("METRICS_ARGUMENT", {
      what: "metric",
      expected: `one of ${rankingMetrics.join(", ")} at k, such as ndcg@10`,
      actual: JSON.stringify(name),
    });
  }
  return { metric: known, k: Number(k) };
}

/**
 * The cut-offs sorted upwards, each once.
 * @throws {AttuneError} `METRICS_ARGUMENT` when there is none, or one is no integer ≥ 1.
 */
export function sortCutoffs(cutoffs: readonly number[]): readonly number[] {
  if (cutoffs.length === 0 || !cutoffs.every((k) => Number.isInteger(k) && k >= 1)) {
    throw new AttuneError("METRICS_ARGUMENT", {
      what: "cutoffs",
      expected: "at least one, each an integer ≥ 1",
      actual: JSON.stringify(cutoffs),
    });
  }
  return [...new Set(cutoffs)].sort((a, b) => a - b);
}

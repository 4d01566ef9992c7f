/** Ranking metrics at k, their intervals, figures of rows. Pure functions; imports contracts and numeric only. */

// One list

export { type ListOptions, type MapDivisor, measureList } from "./list-metrics.ts";
export { type MetricName, parseMetricName, type RankingMetric, rankingMetrics } from "./metric-name.ts";
export { ndcgAtK } from "./ndcg.ts";
export { topK } from "./top-k.ts";

// Many users

export {
  createRankingEvaluation,
  type EvaluationOptions,
  type EvaluationResult,
  type RankedUser,
  type RankingEvaluation,
} from "./evaluation.ts";
export { type EvaluationSlice, type SliceName, sliceNames } from "./slices.ts";
export { compareEvaluations, type EvaluationSummary, summarizeEvaluation } from "./summary.ts";

// Catalogue

export { type ItemCounts, markHeadItems, selfInformation } from "./catalogue.ts";

// Intervals

export {
  type BootstrapOptions,
  bootstrapDifference,
  bootstrapDifferences,
  bootstrapMean,
  bootstrapMeans,
} from "./bootstrap.ts";
export { bootstrapStatistic } from "./bootstrap-statistic.ts";

// Two models

export { compareUnits, type UnitComparison } from "./compare-units.ts";

// Rows

export { accuracies, auc, brierScores, logLosses, prepareAuc } from "./classification.ts";
export { absoluteErrors, type Bounds, covered, intervalScores, squaredErrors } from "./regression.ts";

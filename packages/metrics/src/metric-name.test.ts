import { expect, test } from "vitest";
import { parseMetricName, rankingMetrics } from "./metric-name.ts";

test.each(rankingMetrics)("%s@20 is read back", (metric) => {
  expect(parseMetricName(`${metric}@20`)).toEqual({ metric, k: 20 });
});

test.each(["ndcg", "ndcg@", "ndcg@0", "ndcg@01", "ndcg@1.5", "ndcg@5@5", "auc@5", "", "@5", "NDCG@5"])(
  "%j is refused",
  (name) => {
    expect(() => parseMetricName(name)).toThrow(expect.objectContaining({ code: "METRICS_ARGUMENT" }));
  },
);

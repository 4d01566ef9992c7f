import { describe, expect, test } from "vitest";
import { bootstrapDifference, bootstrapMean } from "./bootstrap.ts";
import { createRankingEvaluation, type EvaluationResult } from "./evaluation.ts";
import { sliceNames } from "./slices.ts";
import { compareEvaluations, summarizeEvaluation } from "./summary.ts";

/** Sixteen users with one relevant item each; `shift` moves it down the list. Users with index ≥ 8 have a history. */
function evaluate(shift: number, users = [...Array(16).keys()], cutoffs = [1, 3]): EvaluationResult {
  const evaluation = createRankingEvaluation({
    itemCount: 6,
    trainCounts: Int32Array.of(9, 5, 3, 2, 1, 1),
    cutoffs,
  });
  for (const user of users) {
    const ranked = Int32Array.from({ length: 6 }, (_, place) => (place + user + shift) % 6);
    evaluation.add(user, ranked, Int32Array.of(user % 4), { historyCount: user < 8 ? 0 : user });
  }
  return evaluation.result();
}

describe("summarizeEvaluation", () => {
  test("gives each metric and slice the interval of its users", () => {
    const evaluation = evaluate(5);
    const summary = summarizeEvaluation(evaluation, { samples: 100, seed: 3 });
    expect(summary.users).toBe(16);
    expect(Object.keys(summary.metrics)).toEqual(Object.keys(evaluation.metrics));
    expect(summary.metrics["ndcg@3"]).toEqual(
      bootstrapMean(evaluation.metrics["ndcg@3"]!, { samples: 100, seed: 3 }),
    );
    expect(Object.keys(summary.slices)).toEqual([...sliceNames]);
    const heavy = summary.slices["users:heavy"];
    expect(heavy.users).toBe(4);
    expect(heavy.metrics["mrr@3"]).toEqual(
      bootstrapMean(evaluation.slices["users:heavy"].metrics["mrr@3"]!, { samples: 100, seed: 3 }),
    );
  });

  test("a slice without users has no metrics", () => {
    const summary = summarizeEvaluation(evaluate(0, [0, 1, 2]), { samples: 10 });
    expect(summary.slices["users:heavy"]).toEqual({ users: 0, metrics: {} });
  });
});

describe("compareEvaluations", () => {
  test("is the paired difference of each metric", () => {
    const [a, b] = [evaluate(0), evaluate(5)];
    const difference = compareEvaluations(a, b, { samples: 100, seed: 1 });
    expect(Object.keys(difference)).toEqual(Object.keys(a.metrics));
    expect(difference["ndcg@3"]).toEqual(
      bootstrapDifference(a.metrics["ndcg@3"]!, b.metrics["ndcg@3"]!, { samples: 100, seed: 1 }),
    );
    expect(compareEvaluations(a, a)["ndcg@3"]).toMatchObject({
      value: 0,
      interval: { lower: 0, upper: 0 },
    });
  });

  test.each([
    ["other users", evaluate(0, [0, 1, 3])],
    ["another order", evaluate(0, [0, 2, 1])],
    ["fewer users", evaluate(0, [0, 1])],
    ["other cut-offs", evaluate(0, [0, 1, 2], [1])],
  ])("refuses %s", (_, other) => {
    const attempt = () => compareEvaluations(evaluate(0, [0, 1, 2]), other);
    expect(attempt).toThrow(expect.objectContaining({ code: "METRICS_SHAPE" }));
  });
});

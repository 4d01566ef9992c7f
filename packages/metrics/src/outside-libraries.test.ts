// What trec_eval, ranx, recommenders, scikit-learn and SciPy computed for the same input; see bench/peers/metrics.
import { readFileSync } from "node:fs";
import { quantile } from "@attune/numeric";
import { describe, expect, test } from "vitest";
import { bootstrapMean } from "./bootstrap.ts";
import { createRankingEvaluation } from "./evaluation.ts";
import { measureList } from "./list-metrics.ts";
import { ndcgAtK } from "./ndcg.ts";
import { topK } from "./top-k.ts";

interface ListCase {
  name: string;
  scores: number[];
  masked: number[];
  k: number;
  relevant: number[];
  unreachableCount: number;
  ranked: number[];
  expected: Record<"trec_eval" | "ranx" | "recommenders", Record<string, number>>;
}

function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../fixtures/metrics/${name}`, import.meta.url), "utf8")) as T;
}

/** Double arithmetic in another order of operations. */
const tolerance = 1e-9;

function expectNear(actual: number | undefined, expected: number, allowed: number, what: string): void {
  const difference = Math.abs((actual ?? Number.NaN) - expected);
  expect(difference <= allowed, `${what}: ${actual}, outside ${expected}`).toBe(true);
}

describe("lists", () => {
  const { cutoffs, cases } = readFixture<{ cutoffs: number[]; cases: ListCase[] }>("lists.json");

  describe.each(cases)("$name", ({ scores, masked, k, relevant, unreachableCount, ranked, expected }) => {
    const list = topK(Float32Array.from(scores), k, Int32Array.from(masked));
    const options = { cutoffs, unreachableCount };
    const byCutoff = measureList(list, Int32Array.from(relevant), options)!;
    const byRelevant = measureList(list, Int32Array.from(relevant), { ...options, mapDivisor: "relevant" })!;

    test("topK is NumPy's stable sort", () => {
      expect([...list]).toEqual(ranked);
    });

    test.each(["trec_eval", "ranx"] as const)("%s", (library) => {
      const values = expected[library];
      expect(Object.keys(values).toSorted()).toEqual(Object.keys(byRelevant).toSorted());
      for (const [name, value] of Object.entries(values)) {
        expectNear(byRelevant[name as keyof typeof byRelevant], value, tolerance, name);
      }
    });

    test("recommenders", () => {
      expect(Object.keys(expected.recommenders)).toHaveLength(5 * cutoffs.length);
      for (const [name, value] of Object.entries(expected.recommenders)) {
        const ours = name.startsWith("map-relevant@")
          ? byRelevant[`map@${Number(name.split("@")[1])}`]
          : byCutoff[name as keyof typeof byCutoff];
        expectNear(ours, value, tolerance, name);
      }
    });
  });
});

test("coverage and novelty are those of recommenders", () => {
  const fixture = readFixture<{
    cutoffs: number[];
    trainCounts: number[];
    lists: number[][];
    expected: Record<string, number>;
  }>("catalogue.json");
  const evaluation = createRankingEvaluation({
    itemCount: fixture.trainCounts.length,
    trainCounts: Int32Array.from(fixture.trainCounts),
    cutoffs: fixture.cutoffs,
  });
  fixture.lists.forEach((list, user) => {
    evaluation.add(user, Int32Array.from(list), Int32Array.of(0));
  });
  const { catalogue } = evaluation.result();
  expect(Object.keys(fixture.expected).toSorted()).toEqual(Object.keys(catalogue).toSorted());
  for (const [name, value] of Object.entries(fixture.expected)) {
    expectNear(catalogue[name], value, tolerance, name);
  }
});

test("graded nDCG is that of scikit-learn", () => {
  const { cases } = readFixture<{
    cases: { scores: number[]; gains: number[]; k: number; expected: number }[];
  }>("graded.json");
  expect(cases.length).toBeGreaterThan(0);
  for (const { scores, gains, k, expected } of cases) {
    const actual = ndcgAtK(Float32Array.from(scores), Float32Array.from(gains), k);
    expectNear(actual, expected, tolerance, `${scores.length} items at ${k}`);
  }
});

describe("intervals", () => {
  const fixture = readFixture<{
    level: number;
    means: { name: string; values: number[]; lower: number; upper: number }[];
    quantiles: { sorted: number[]; cases: { share: number; expected: number }[] };
  }>("bootstrap.json");

  test.each(fixture.means)("SciPy's percentile interval, $name", ({ values, lower, upper }) => {
    const list = Float64Array.from(values);
    const ours = bootstrapMean(list, { samples: 20_000, seed: 5, level: fixture.level });
    // Other random numbers, so not 1e-9: a bound of 20 000 resamples has a standard error of 2.7/√20 000 standard
    // errors of the mean, 0.5 % of the interval's width; three of them, and a step of 1/n for the binary values.
    const allowed = 0.015 * (upper - lower) + 1 / (2 * list.length);
    expectNear(ours.interval!.lower, lower, allowed, "lower");
    expectNear(ours.interval!.upper, upper, allowed, "upper");
  });

  test("NumPy's quantiles", () => {
    const { sorted, cases } = fixture.quantiles;
    for (const { share, expected } of cases) {
      expectNear(quantile(Float64Array.from(sorted), share), expected, tolerance, `at ${share}`);
    }
  });
});

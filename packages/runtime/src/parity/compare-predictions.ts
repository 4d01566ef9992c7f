/** The answer for a row of columns beside the trainer's, by task. */
import type { Prediction, PredictTask } from "@attune/contracts";
import { type Comparison, comparePairs, failed, type Pair } from "./comparison.ts";
import { parityTolerance } from "./tolerance.ts";

type Compare<T extends PredictTask> = (answer: Prediction<T>, expected: Prediction<T>) => Comparison;

/** Pairs of the numbers that the trainer gives. */
function pairs<A extends object>(answer: A, expected: A): Pair[] {
  return Object.entries(expected).flatMap(([what, value]) =>
    typeof value === "number"
      ? [{ actual: (answer as Readonly<Record<string, number>>)[what], expected: value, what }]
      : [],
  );
}

const comparisons: { readonly [T in PredictTask]: Compare<T> } = {
  /** Another label costs what the trainer finds between the two: nothing for a tie, everything for an unknown class. */
  classify(answer, expected) {
    const found = expected.probabilities;
    return comparePairs(
      [
        ...pairs(answer.probabilities, found),
        {
          actual: Object.hasOwn(found, answer.label) ? found[answer.label] : undefined,
          expected: found[expected.label] ?? Number.NaN,
          what: `the trainer's probability of the label ${answer.label}`,
        },
      ],
      answer.label === expected.label,
    );
  },
  /** There is no discrete answer: numbers within the tolerance are the same. */
  regress(answer, expected) {
    const comparison = comparePairs(pairs(answer, expected), true);
    return { ...comparison, same: comparison.scaled <= parityTolerance };
  },
  hierarchical(answer, expected) {
    if (answer.level !== expected.level) return failed(`level ${answer.level}, expected ${expected.level}`);
    return comparePairs(pairs(answer, expected), true);
  },
};

export function comparePredictions<T extends PredictTask>(
  task: T,
  answer: Prediction<T>,
  expected: Prediction<T>,
): Comparison {
  return comparisons[task](answer, expected);
}

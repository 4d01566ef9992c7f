import fc from "fast-check";
import { expect, test } from "vitest";
import { accuracies, auc, brierScores, logLosses } from "./classification.ts";
import { absoluteErrors, covered, intervalScores, squaredErrors } from "./regression.ts";

const probabilities = Float64Array.of(0.7, 0.2, 0.1, 0.25, 0.5, 0.25, 0, 1, 0);
const labels = Int32Array.of(0, 2, 0);

test("log loss is that of the true class, finite for one that was held impossible", () => {
  const [first, second, third] = logLosses(probabilities, labels);
  expect(first).toBeCloseTo(-Math.log(0.7), 15);
  expect(second).toBeCloseTo(-Math.log(0.25), 15);
  expect(third).toBeCloseTo(15 * Math.LN10, 10);
});

test("accuracy takes the first of equally probable classes", () => {
  expect([...accuracies(probabilities, labels)]).toEqual([1, 0, 0]);
  expect([...accuracies(Float64Array.of(0.5, 0.5), Int32Array.of(0))]).toEqual([1]);
  expect([...accuracies(Float64Array.of(0.5, 0.5), Int32Array.of(1))]).toEqual([0]);
});

test("the Brier score sums over classes", () => {
  const [first, , third] = brierScores(probabilities, labels);
  expect(first).toBeCloseTo(0.09 + 0.04 + 0.01, 15);
  expect(third).toBe(2);
});

test("AUC counts pairs, ties half", () => {
  const scores = fc.array(fc.record({ score: fc.integer({ min: 0, max: 5 }), positive: fc.boolean() }), {
    minLength: 2,
    maxLength: 30,
  });
  fc.assert(
    fc.property(scores, (rows) => {
      const positives = rows.filter(({ positive }) => positive);
      const negatives = rows.filter(({ positive }) => !positive);
      fc.pre(positives.length > 0 && negatives.length > 0);
      const pairs = positives.flatMap((a) =>
        negatives.map((b): number => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)),
      );
      const expected = pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length;
      const found = auc(
        Float64Array.from(rows, ({ score }) => score),
        Uint8Array.from(rows, ({ positive }) => (positive ? 1 : 0)),
      );
      expect(found).toBeCloseTo(expected, 12);
    }),
  );
  expect(auc(Float64Array.of(1, 2), Uint8Array.of(1, 1))).toBeNaN();
});

test("errors of numbers", () => {
  const predictions = Float64Array.of(1, 5);
  const truth = Float64Array.of(3, 4);
  expect([...squaredErrors(predictions, truth)]).toEqual([4, 1]);
  expect([...absoluteErrors(predictions, truth)]).toEqual([2, 1]);
});

test("the interval score is the width, and 2/α for each unit outside", () => {
  const bounds = { lower: Float64Array.of(0, 0, 0), upper: Float64Array.of(4, 4, 4) };
  const truth = Float64Array.of(4, 5, -2);
  const [inside, above, below] = intervalScores(bounds, truth, 0.95);
  expect(inside).toBe(4);
  expect(above).toBeCloseTo(4 + 40, 10);
  expect(below).toBeCloseTo(4 + 80, 10);
  expect([...covered(bounds, truth)]).toEqual([1, 0, 0]);
});

test.each([
  ["labels out of range", () => logLosses(Float64Array.of(1, 0), Int32Array.of(2)), "METRICS_ARGUMENT"],
  ["ragged probabilities", () => accuracies(Float64Array.of(1, 0, 0), Int32Array.of(0, 1)), "METRICS_SHAPE"],
  ["lengths", () => squaredErrors(Float64Array.of(1), Float64Array.of(1, 2)), "METRICS_SHAPE"],
  ["flags", () => auc(Float64Array.of(1), Uint8Array.of(1, 0)), "METRICS_SHAPE"],
])("refuses %s", (_, run, code) => {
  expect(run).toThrow(expect.objectContaining({ code }));
});

/** The task `classify`: one of several classes for a row. */
import { accuracies, bootstrapStatistic, brierScores, logLosses, prepareAuc } from "@attune/metrics";
import type { RowData } from "../task.ts";
import { createRowTask } from "./row-task.ts";

export const classifyTask = createRowTask<"classify">({
  name: "classify",
  metrics: [
    { name: "log-loss", better: "lower" },
    { name: "accuracy", better: "higher" },
    { name: "brier", better: "lower" },
  ],
  runnable: ({ fragment }) => ({
    columns: fragment.columns,
    build: (graph, columns) => ({ probabilities: fragment.build(graph, columns) }),
  }),
  measure({ probabilities }, target) {
    const labels = codesOf(target);
    return {
      "log-loss": logLosses(probabilities!, labels),
      accuracy: accuracies(probabilities!, labels),
      brier: brierScores(probabilities!, labels),
    };
  },
  statistics({ probabilities }, target, { unitOf, samples, seed }) {
    const labels = codesOf(target);
    const isBinary = probabilities!.length === 2 * labels.length;
    // Not defined where one of the classes is missing.
    if (!isBinary || new Set(labels).size < 2) return {};
    const aucOf = prepareAuc(
      probabilities!.filter((_, at) => at % 2 === 1),
      Uint8Array.from(labels),
    );
    const unitCount = unitOf.reduce((most, unit) => Math.max(most, unit + 1), 0);
    const drawn = new Int32Array(unitCount);
    const times = new Int32Array(unitOf.length);
    const resample = (units: Int32Array) => {
      drawn.fill(0);
      for (const unit of units) drawn[unit]! += 1;
      for (let row = 0; row < times.length; row++) times[row] = drawn[unitOf[row]!]!;
      return aucOf(times);
    };
    return { auc: bootstrapStatistic(unitCount, resample, { samples, seed }) };
  },
});

/** `[rows]` class per row. */
function codesOf(target: RowData["target"]): Int32Array {
  if (target.kind !== "category") throw new TypeError(`the target ${target.name} is no category`);
  return target.codes;
}

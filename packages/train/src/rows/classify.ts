/** The task `classify`: one of several classes for a row. */
import { accuracies, brierScores, logLosses } from "@attune/metrics";
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
});

/** `[rows]` class per row. */
function codesOf(target: RowData["target"]): Int32Array {
  if (target.kind !== "category") throw new TypeError(`the target ${target.name} is no category`);
  return target.codes;
}

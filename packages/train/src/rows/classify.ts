/** The task `classify`: one of several classes for a row. */
import { accuracies, auc, bootstrapStatistic, brierScores, logLosses } from "@attune/metrics";
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
    if (probabilities!.length !== 2 * labels.length) return {};
    const scores = probabilities!.filter((_, at) => at % 2 === 1);
    const positive = Uint8Array.from(labels);
    const rowsOf = rowsByUnit(unitOf);
    const aucOf = (units: Int32Array) => {
      const rows = [...units].flatMap((unit) => rowsOf[unit]!);
      return auc(
        Float64Array.from(rows, (row) => scores[row]!),
        Uint8Array.from(rows, (row) => positive[row]!),
      );
    };
    // Not defined where one of the classes is missing.
    if (new Set(positive).size < 2) return {};
    return { auc: bootstrapStatistic(rowsOf.length, aucOf, { samples, seed }) };
  },
});

/** Rows of each unit: what is drawn together. */
function rowsByUnit(unitOf: Int32Array): readonly (readonly number[])[] {
  const rows: number[][] = [];
  unitOf.forEach((unit, row) => {
    rows[unit] ??= [];
    rows[unit].push(row);
  });
  return rows;
}

/** `[rows]` class per row. */
function codesOf(target: RowData["target"]): Int32Array {
  if (target.kind !== "category") throw new TypeError(`the target ${target.name} is no category`);
  return target.codes;
}

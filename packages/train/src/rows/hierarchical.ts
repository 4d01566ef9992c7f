/** The task `hierarchical`: a number for a row of nested groups, with its posterior interval. */
import { absoluteErrors, intervalScores, squaredErrors } from "@attune/metrics";
import { quantile } from "@attune/numeric";
import { numbersOf } from "./regress.ts";
import { createRowTask } from "./row-task.ts";

/** Share of the posterior inside the interval, as the exported graph gives it. */
const level = 0.95;

export const hierarchicalTask = createRowTask<"hierarchical">({
  name: "hierarchical",
  metrics: [
    { name: "interval-score", better: "lower" },
    { name: "squared-error", better: "lower" },
    { name: "absolute-error", better: "lower" },
  ],
  runnable: ({ fragment }) => ({
    columns: fragment.columns,
    build: (graph, columns) => ({ draws: fragment.build(graph, columns) }),
  }),
  measure({ draws }, target) {
    const truth = numbersOf(target);
    const { mean, lower, upper } = summarizeDraws(draws!, truth.length);
    return {
      "interval-score": intervalScores({ lower, upper }, truth, level),
      "squared-error": squaredErrors(mean, truth),
      "absolute-error": absoluteErrors(mean, truth),
    };
  },
});

/** @param draws - `[rows, draws]` */
function summarizeDraws(draws: Float64Array, rowCount: number) {
  const drawCount = draws.length / rowCount;
  const rows = Array.from({ length: rowCount }, (_, row) =>
    draws.slice(row * drawCount, (row + 1) * drawCount).sort(),
  );
  return {
    mean: Float64Array.from(rows, (row) => row.reduce((sum, value) => sum + value, 0) / drawCount),
    lower: Float64Array.from(rows, (row) => quantile(row, (1 - level) / 2)),
    upper: Float64Array.from(rows, (row) => quantile(row, (1 + level) / 2)),
  };
}

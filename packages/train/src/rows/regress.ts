/** The task `regress`: a number for a row. */
import { absoluteErrors, squaredErrors } from "@attune/metrics";
import type { RowData } from "../task.ts";
import { createRowTask } from "./row-task.ts";

export const regressTask = createRowTask<"regress">({
  name: "regress",
  metrics: [
    { name: "squared-error", better: "lower" },
    { name: "absolute-error", better: "lower" },
  ],
  runnable: ({ fragment }) => ({
    columns: fragment.columns,
    build: (graph, columns) => ({ value: fragment.build(graph, columns).value }),
  }),
  measure({ value }, target) {
    const truth = numbersOf(target);
    return { "squared-error": squaredErrors(value!, truth), "absolute-error": absoluteErrors(value!, truth) };
  },
});

/** `[rows]` */
export function numbersOf(target: RowData["target"]): Float64Array {
  if (target.kind !== "number") throw new TypeError(`the target ${target.name} is no number`);
  return target.data;
}

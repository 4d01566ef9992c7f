/** The one list of reports by task. */
import type { TaskName } from "@attune/contracts";
import { recommendReport } from "./recommend.ts";
import type { ReportOfTask } from "./report-of-task.ts";
import { createRowReport } from "./row-sections.ts";

export const taskReports: { readonly [T in TaskName]: ReportOfTask<T> } = {
  recommend: recommendReport,
  classify: createRowReport({
    letters:
      "y is the row’s true class, p(c) the model’s probability of class c, [·] is 1 when true and else 0.",
    of: "one row",
  }),
  regress: createRowReport({ letters: "y is the row’s true value, ŷ the model’s.", of: "one row" }),
  hierarchical: createRowReport({
    letters: "y is the row’s true value, ŷ the mean of its posterior, l and u the ends of its 95 % interval.",
    of: "one row",
  }),
};

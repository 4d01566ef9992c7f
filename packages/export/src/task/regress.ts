import { createGoldenTableRows } from "../golden/rows/golden-rows.ts";
import { buildRegressGraph } from "../graph/regress/regress-graph.ts";
import { inputColumns, levelsOf, originOf } from "./parts.ts";
import type { TaskExport } from "./task-export.ts";

export const regressExport: TaskExport<"regress"> = {
  size: ({ model }) => ({ weightBytes: model.fragment.bytes, levels: levelsOf(model.fragment.columns) }),
  build: (input) => buildRegressGraph({ ...originOf(input), model: input.model }),
  golden: ({ model, table, config }) => ({
    ...createGoldenTableRows({
      task: "regress",
      model,
      table,
      seed: config.seed,
      count: config.export.goldenRows,
    }),
    task: "regress",
  }),
  fields: ({ model }) => ({ inputs: inputColumns(model.fragment.columns) }),
  files: () => ({}),
};

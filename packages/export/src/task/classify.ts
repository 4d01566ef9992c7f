import { createGoldenTableRows } from "../golden/rows/golden-rows.ts";
import { buildClassifyGraph } from "../graph/classify/classify-graph.ts";
import { inputColumns, levelsOf, originOf } from "./parts.ts";
import type { TaskExport } from "./task-export.ts";

export const classifyExport: TaskExport<"classify"> = {
  size: ({ model }) => ({ weightBytes: model.fragment.bytes, levels: levelsOf(model.fragment.columns) }),
  build: (input) => buildClassifyGraph({ ...originOf(input), model: input.model }),
  golden: ({ model, table, config }) => ({
    ...createGoldenTableRows({
      task: "classify",
      model,
      table,
      seed: config.seed,
      count: config.export.goldenRows,
    }),
    task: "classify",
    classes: [...model.fragment.classes],
  }),
  fields: ({ model }) => ({
    inputs: inputColumns(model.fragment.columns),
    classes: [...model.fragment.classes],
  }),
  files: () => ({}),
};

import { createGoldenTableRows } from "../golden/rows/golden-rows.ts";
import { buildHierarchicalGraph } from "../graph/hierarchical/hierarchical-graph.ts";
import { inputColumns, levelsOf, originOf } from "./parts.ts";
import type { TaskExport } from "./task-export.ts";

export const hierarchicalExport: TaskExport<"hierarchical"> = {
  size: ({ model }) => ({ weightBytes: model.fragment.bytes, levels: levelsOf(model.fragment.columns) }),
  build: (input) => buildHierarchicalGraph({ ...originOf(input), model: input.model }),
  golden: ({ model, table, config }) => ({
    ...createGoldenTableRows({
      task: "hierarchical",
      model,
      table,
      seed: config.seed,
      count: config.export.goldenRows,
    }),
    task: "hierarchical",
  }),
  fields: ({ model, config }) => ({
    inputs: inputColumns(model.fragment.columns),
    levels: [...model.fragment.levels],
    ...(config.preset && { preset: config.preset }),
  }),
  files: () => ({}),
};

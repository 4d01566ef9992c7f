import { artifactFiles } from "@attune/contracts/manifest";
import { createGoldenRows } from "../golden/recommend/golden-rows.ts";
import { buildRecommendGraph, type RequestLimits } from "../graph/recommend/recommend-graph.ts";
import type { ExportInput } from "./export-input.ts";
import { inputColumns, levelsOf, originOf } from "./parts.ts";
import type { TaskExport } from "./task-export.ts";

export const recommendExport: TaskExport<"recommend"> = {
  size: ({ model, itemIds }) => ({
    weightBytes: model.fragment.bytes,
    itemIds,
    levels: levelsOf(model.fragment.columns),
  }),
  build: (input) =>
    buildRecommendGraph({
      ...originOf(input),
      model: input.model,
      popularity: input.popularity,
      itemIds: input.itemIds,
      duplicates: input.dataset.duplicates,
      repeats: input.dataset.repeats,
      limits: limitsOf(input),
    }),
  golden: (input) =>
    createGoldenRows({
      model: input.model,
      popularity: input.popularity,
      itemIds: input.itemIds,
      duplicates: input.dataset.duplicates,
      repeats: input.dataset.repeats,
      people: input.people,
      limits: limitsOf(input),
      seed: input.config.seed,
      count: input.config.export.goldenRows,
    }),
  fields: (input) => ({
    catalogue: { items: input.itemIds.length },
    limits: limitsOf(input),
    repeats: input.dataset.repeats,
    inputs: inputColumns(input.model.fragment.columns),
  }),
  files: ({ itemDetails }) => (itemDetails ? { [artifactFiles.items]: itemDetails } : {}),
};

function limitsOf({ config }: ExportInput<"recommend">): RequestLimits {
  const { maxK, maxHistory, maxExclude, maxAllow } = config.export;
  return { maxK, maxHistory, maxExclude, maxAllow };
}

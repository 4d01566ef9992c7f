/** Popularity as a trainer. */
import { defineTrainer } from "@attune/train";
import {
  listPopularityCandidates,
  type PopularityConfig,
  popularityConfig,
  projectPopularityBytes,
} from "./config.ts";
import { fitPopularity } from "./fit.ts";
import { restorePopularity } from "./model.ts";

export const popularity = defineTrainer<"recommend", PopularityConfig>({
  kind: "popularity",
  task: "recommend",
  version: 1,
  title: "Popularity",
  summary: "The same list for everyone, most chosen first; the bar every model has to clear.",
  complexity: 0,
  seeded: false,
  configSchema: popularityConfig,
  candidates: listPopularityCandidates,
  projectBytes: projectPopularityBytes,
  fit: (data, config, hooks) => fitPopularity(data.distinct, config, hooks),
  restore: restorePopularity,
});

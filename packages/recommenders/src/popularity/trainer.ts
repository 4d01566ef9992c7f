/** Popularity as a trainer. */
import { defineTrainer } from "@attune/train";
import { listPopularityCandidates, popularityConfig, projectPopularityBytes } from "./config.ts";
import { fitPopularity } from "./fit.ts";
import { restorePopularity } from "./model.ts";

export const popularity = defineTrainer({
  kind: "popularity",
  title: "Popularity",
  summary: "The same list for everyone, most chosen first; the bar every model has to clear.",
  configSchema: popularityConfig,
  prunes: false,
  candidates: listPopularityCandidates,
  projectBytes: projectPopularityBytes,
  fit: fitPopularity,
  restore: restorePopularity,
});

/** Item-kNN as a trainer. */
import { defineTrainer } from "@attune/train";
import { type ItemKnnConfig, itemKnnConfig, listItemKnnCandidates, projectItemKnnBytes } from "./config.ts";
import { fitItemKnn, fitItemKnns } from "./fit.ts";
import { restoreItemKnn } from "./model.ts";

export const itemKnn = defineTrainer<"recommend", ItemKnnConfig>({
  kind: "item-knn",
  task: "recommend",
  version: 1,
  title: "Item-kNN",
  summary: "Recommends what is most similar to the history, by the users two items share.",
  complexity: 10,
  seeded: false,
  configSchema: itemKnnConfig,
  candidates: listItemKnnCandidates,
  projectBytes: projectItemKnnBytes,
  fit: (data, config, hooks) => fitItemKnn(data.distinct, config, hooks),
  fitAll: (data, configs, hooks) => fitItemKnns(data.distinct, configs, hooks),
  restore: restoreItemKnn,
});

/** Item-kNN as a trainer. */
import { defineTrainer } from "@attune/train";
import { itemKnnConfig, listItemKnnCandidates, projectItemKnnBytes } from "./config.ts";
import { fitItemKnn } from "./fit.ts";
import { restoreItemKnn } from "./model.ts";

export const itemKnn = defineTrainer({
  kind: "item-knn",
  title: "Item-kNN",
  summary: "Recommends what is most similar to the history, by the users two items share.",
  configSchema: itemKnnConfig,
  prunes: true,
  candidates: listItemKnnCandidates,
  projectBytes: projectItemKnnBytes,
  fit: fitItemKnn,
  restore: restoreItemKnn,
});

/** EASE as a trainer. */
import { defineTrainer } from "@attune/train";
import { easeConfig, listEaseCandidates, projectEaseBytes } from "./config.ts";
import { fitEase } from "./fit.ts";
import { restoreEase } from "./model.ts";

export const ease = defineTrainer({
  kind: "ease",
  title: "EASE",
  summary:
    "A linear model of every item on all others, solved exactly; strong on small and medium catalogues.",
  configSchema: easeConfig,
  prunes: true,
  candidates: listEaseCandidates,
  projectBytes: projectEaseBytes,
  fit: (interactions, config, hooks) => fitEase(interactions, config, hooks),
  restore: restoreEase,
});

/** EASE as a trainer. */
import { defineTrainer } from "@attune/train";
import {
  type EaseConfig,
  easeConfig,
  estimateEaseWork,
  listEaseCandidates,
  projectEaseBytes,
} from "./config.ts";
import { fitEase, fitEases } from "./fit.ts";
import { restoreEase } from "./model.ts";
import { checkEase } from "./size.ts";

export const ease = defineTrainer<"recommend", EaseConfig>({
  kind: "ease",
  task: "recommend",
  version: 1,
  title: "EASE",
  summary:
    "A linear model of every item on every other, solved exactly; strong on small and middling catalogues.",
  complexity: 20,
  seeded: false,
  configSchema: easeConfig,
  candidates: listEaseCandidates,
  check: checkEase,
  work: estimateEaseWork,
  projectBytes: projectEaseBytes,
  fit: (data, config, hooks) => fitEase(data.distinct, config, hooks),
  fitAll: (data, configs, hooks) => fitEases(data.distinct, configs, hooks),
  restore: restoreEase,
});

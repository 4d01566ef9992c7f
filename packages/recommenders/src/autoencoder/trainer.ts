/** The autoencoder as a trainer. */
import { defineTrainer } from "@attune/train";
import {
  type AutoencoderConfig,
  autoencoderConfig,
  checkAutoencoder,
  estimateAutoencoderWork,
  listAutoencoderCandidates,
  projectAutoencoderBytes,
} from "./config.ts";
import { fitAutoencoder } from "./fit.ts";
import { restoreAutoencoder } from "./model.ts";

export const autoencoder = defineTrainer<"recommend", AutoencoderConfig>({
  kind: "autoencoder",
  task: "recommend",
  version: 1,
  title: "Autoencoder",
  summary: "A small neural network that completes a history; learns combinations a linear model cannot.",
  complexity: 30,
  seeded: true,
  configSchema: autoencoderConfig,
  candidates: listAutoencoderCandidates,
  check: checkAutoencoder,
  work: estimateAutoencoderWork,
  projectBytes: projectAutoencoderBytes,
  fit: (data, config, hooks) => fitAutoencoder(data.distinct, config, hooks),
  restore: restoreAutoencoder,
});

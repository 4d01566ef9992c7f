/** The autoencoder as a trainer. */
import { defineTrainer } from "@attune/train";
import { autoencoderConfig, listAutoencoderCandidates, projectAutoencoderBytes } from "./config.ts";
import { fitAutoencoder } from "./fit.ts";
import { restoreAutoencoder } from "./model.ts";

export const autoencoder = defineTrainer({
  kind: "autoencoder",
  title: "Autoencoder",
  summary: "A small neural network that completes a history; learns combinations a linear model cannot.",
  configSchema: autoencoderConfig,
  prunes: false,
  candidates: listAutoencoderCandidates,
  projectBytes: projectAutoencoderBytes,
  fit: fitAutoencoder,
  restore: restoreAutoencoder,
});

/** Hyperparameters of the autoencoder, and which of them are tried. */
import * as z from "zod";
import { expandGrid } from "../search-grid.ts";
import type { DatasetShape, Hyperparameters } from "../trainer.ts";

export const autoencoderConfig = z.strictObject({
  hidden: z.int().positive().default(64).describe("width of the hidden layer"),
  dropout: z.number().min(0).lt(1).default(0.5).describe("share of a history hidden from the input"),
  epochs: z.int().positive().default(30).describe("passes over the users; searched up to this many"),
  batchSize: z.int().positive().default(64).describe("users per step"),
  learningRate: z.number().positive().max(1).default(0.005).describe("of Adam"),
  backend: z.enum(["wasm", "cpu"]).default("wasm").describe("tfjs backend; cpu is slow and needs no wasm"),
});

export type AutoencoderConfig = z.output<typeof autoencoderConfig>;

/** Epochs are searched by checkpoints of one run, not by runs of their own. */
export function listAutoencoderCandidates(
  _shape: DatasetShape,
  fixed: Hyperparameters,
): readonly AutoencoderConfig[] {
  return expandGrid({
    kind: "autoencoder",
    schema: autoencoderConfig,
    values: { dropout: [0.5] },
    fixed,
  });
}

export function projectAutoencoderBytes(shape: DatasetShape, config: AutoencoderConfig): number {
  const { itemCount } = shape;
  return 4 * (2 * itemCount * config.hidden + config.hidden + itemCount);
}

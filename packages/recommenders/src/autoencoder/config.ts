/** Hyperparameters of the autoencoder, and which of them are tried. */
import { AttuneError } from "@attune/contracts";
import * as z from "zod";
import { expandGrid } from "@attune/train";
import type { DatasetShape, Hyperparameters } from "@attune/train";

export const autoencoderConfig = z.strictObject({
  hidden: z.int().positive().default(64).describe("width of the hidden layer"),
  dropout: z.number().min(0).lt(1).default(0.5).describe("share of a history hidden from the input"),
  epochs: z.int().positive().default(30).describe("passes over the users; searched up to this many"),
  batchSize: z.int().positive().default(64).describe("users per step"),
  learningRate: z.number().positive().max(1).default(0.005).describe("of Adam"),
  backend: z
    .enum(["onnxruntime", "tensorflow", "wasm", "cpu", "auto"])
    .default("onnxruntime")
    .describe("engine that trains; auto takes the first that works here"),
});

export type AutoencoderConfig = z.output<typeof autoencoderConfig>;

/** Weights, gradients and the two moments of Adam may take this much: what WebAssembly, in which the weights lie, can address with ease. */
const stateLimitBytes = 2 ** 30;

/**
 * Epochs are searched by checkpoints of one run, not by runs of their own.
 *
 * @throws {AttuneError} `TRAIN_CONFIG`, `TRAIN_TOO_LARGE`.
 */
export function listAutoencoderCandidates(
  shape: DatasetShape,
  fixed: Hyperparameters,
): readonly AutoencoderConfig[] {
  const candidates = expandGrid({ kind: "autoencoder", schema: autoencoderConfig, values: {}, fixed });
  for (const candidate of candidates) checkAutoencoderSize(shape.itemCount, candidate);
  return candidates;
}

export function projectAutoencoderBytes(shape: DatasetShape, config: AutoencoderConfig): number {
  return weightBytes(shape.itemCount, config);
}

/** @throws {AttuneError} `TRAIN_TOO_LARGE` */
export function checkAutoencoderSize(itemCount: number, config: AutoencoderConfig): void {
  const bytes = 4 * weightBytes(itemCount, config);
  if (bytes <= stateLimitBytes) return;
  throw new AttuneError("TRAIN_TOO_LARGE", {
    kind: "autoencoder",
    what: `the state of Adam for ${itemCount} items and ${config.hidden} hidden units`,
    bytes,
    limitBytes: stateLimitBytes,
    hint: "lower hidden, raise data.rules.minItemEvents, or leave autoencoder out of train.models",
  });
}

function weightBytes(itemCount: number, config: AutoencoderConfig): number {
  return 4 * (2 * itemCount * config.hidden + config.hidden + itemCount);
}

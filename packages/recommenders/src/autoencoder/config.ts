/** Hyperparameters of the autoencoder, and which of them are tried. */
import { AttuneError } from "@attune/contracts";
import { expandGrid, type Hyperparameters, type RecommendShape } from "@attune/train";
import * as z from "zod";

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
 * @throws {AttuneError} `TRAIN_CONFIG`
 */
export function listAutoencoderCandidates(
  _shape: RecommendShape,
  fixed: Hyperparameters,
): readonly AutoencoderConfig[] {
  return expandGrid({ kind: "autoencoder", schema: autoencoderConfig, values: {}, fixed });
}

/** Multiply-adds of a fit: three dense products with the decoder per user and epoch; the encoder's are sparse. */
export function estimateAutoencoderWork(shape: RecommendShape, config: AutoencoderConfig): number {
  return 3 * shape.userCount * shape.itemCount * config.hidden * config.epochs;
}

/** Why the state of training does not fit; nothing when it does. */
export function checkAutoencoder(shape: RecommendShape, config: AutoencoderConfig): readonly string[] {
  const bytes = 4 * weightBytes(shape.itemCount, config);
  if (bytes <= stateLimitBytes) return [];
  return [
    `the state of Adam for ${shape.itemCount} items and ${config.hidden} hidden units needs ${Math.ceil(bytes / 1e6)} MB, the limit is ${Math.floor(stateLimitBytes / 1e6)} MB; lower hidden, or raise data.rules.minItemEvents`,
  ];
}

export function projectAutoencoderBytes(shape: RecommendShape, config: AutoencoderConfig): number {
  return weightBytes(shape.itemCount, config);
}

/** @throws {AttuneError} `TRAIN_TOO_LARGE` */
export function refuseLargeAutoencoder(itemCount: number, config: AutoencoderConfig): void {
  const bytes = 4 * weightBytes(itemCount, config);
  if (bytes <= stateLimitBytes) return;
  throw new AttuneError("TRAIN_TOO_LARGE", {
    kind: "autoencoder",
    what: `the state of Adam for ${itemCount} items and ${config.hidden} hidden units`,
    bytes,
    limitBytes: stateLimitBytes,
    hint: "lower hidden, or raise data.rules.minItemEvents",
  });
}

function weightBytes(itemCount: number, config: AutoencoderConfig): number {
  return 4 * (2 * itemCount * config.hidden + config.hidden + itemCount);
}

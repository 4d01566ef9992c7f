/** The project config: one file describes a model from its events to its artifact. */
import * as z from "zod";
import { dataConfig } from "./data.ts";

/** One entry of `train.models`: a trainer's kind and, if wanted, fixed hyperparameters instead of a search. */
const modelEntry = z.union([
  z.string().transform((kind) => ({ kind, hyperparameters: {} as Record<string, unknown> })),
  z.strictObject({ kind: z.string(), hyperparameters: z.record(z.string(), z.unknown()).default({}) }),
]);

const train = z
  .strictObject({
    models: z
      .array(modelEntry)
      .min(1)
      .prefault(["popularity", "item-knn", "ease", "autoencoder"])
      .describe("trainers to compare; popularity is always fitted, as baseline and fallback"),
    metric: z
      .string()
      .regex(
        /^(precision|recall|ndcg|map|mrr|hit-rate)@[1-9][0-9]*$/,
        "a ranking metric at k, such as ndcg@10",
      )
      .default("ndcg@10")
      .describe("decides, on the validation split"),
    cutoffs: z.array(z.int().positive()).min(1).default([5, 10, 20]).describe("k of every reported metric"),
    bootstrapSamples: z.int().min(100).default(1000).describe("resamples of the users behind every interval"),
  })
  .prefault({});

const exportOptions = z
  .strictObject({
    budgetBytes: z
      .int()
      .positive()
      .default(8_000_000)
      .describe("neighbour weights are pruned per item until they fit"),
    maxBytes: z
      .int()
      .positive()
      .default(100_000_000)
      .describe("a larger model.onnx is refused before training"),
    maxK: z.int().positive().default(1000).describe("longest list a request may ask for"),
    maxHistory: z.int().positive().default(1000).describe("longest history a request may send"),
    maxExclude: z.int().positive().default(10_000).describe("most ids a request may exclude"),
    goldenRows: z
      .int()
      .min(8)
      .default(64)
      .describe("requests with the trainer's answers, kept in the artifact"),
  })
  .prefault({});

export const projectConfig = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "lower-case letters, digits and hyphens")
    .describe("names the artifact's folder"),
  seed: z.int().nonnegative().default(42).describe("same seed, same data: byte-identical model.onnx"),
  data: dataConfig,
  train,
  export: exportOptions,
});

/** What a person writes: defaults may be left out. */
export type ProjectConfigInput = z.input<typeof projectConfig>;
/** What every step reads: complete and trusted. */
export type ProjectConfig = Readonly<z.output<typeof projectConfig>>;
export type TrainConfig = ProjectConfig["train"];
export type ExportConfig = ProjectConfig["export"];

/** Types a config written in TypeScript: `export default defineConfig({ … })`. */
export function defineConfig(config: ProjectConfigInput): ProjectConfigInput {
  return config;
}

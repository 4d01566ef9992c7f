/** The project config: one file describes a model from its data to its artifact. Discriminated by `task`. */
import * as z from "zod";
import type { TaskName } from "../task.ts";
import { recommendData } from "./recommend-data.ts";
import { hierarchicalData, tabularData } from "./tabular-data.ts";

/** Raised when a key changes its name or meaning; `former-keys.ts` then says how. */
export const configVersion = 2;

/** One entry of `train.models`: a trainer's kind and, if wanted, fixed hyperparameters instead of a search. */
const modelEntry = z.union([
  z.string().transform((kind) => ({ kind, hyperparameters: {} as Record<string, unknown> })),
  z.strictObject({ kind: z.string(), hyperparameters: z.record(z.string(), z.unknown()).default({}) }),
]);

const commonTrain = {
  models: z
    .array(modelEntry)
    .min(1)
    .optional()
    .describe(
      "trainers to compare; the simplest is always fitted, as baseline. Default: every trainer of the task; one that does not fit the data is then left out and named",
    ),
  bootstrapSamples: z.int().min(100).default(1000).describe("resamples of the units behind every interval"),
  seeds: z
    .int()
    .min(1)
    .max(20)
    .default(3)
    .describe("starts over which a trainer with random ones is compared"),
  budget: z
    .strictObject({
      trials: z
        .int()
        .positive()
        .default(24)
        .describe("most settings a trainer may try; a checkpoint of a longer fit is a setting too"),
      minutes: z
        .number()
        .positive()
        .optional()
        .describe(
          "a trainer's search ends after the setting at hand when this long has passed; figures then depend on the machine",
        ),
    })
    .prefault({})
    .describe("the same for every trainer"),
};

/** Metrics that may decide, by task; each is over the validation units. */
const recommendTrain = z
  .strictObject({
    ...commonTrain,
    metric: z
      .string()
      .regex(
        /^(precision|recall|ndcg|map|mrr|hit-rate)@[1-9][0-9]*$/,
        "a ranking metric at k, such as ndcg@10",
      )
      .default("ndcg@10")
      .describe("decides, on the validation split"),
    cutoffs: z.array(z.int().positive()).min(1).default([5, 10, 20]).describe("k of every reported metric"),
  })
  .prefault({});

const classifyTrain = z
  .strictObject({
    ...commonTrain,
    metric: z
      .enum(["log-loss", "accuracy", "brier"])
      .default("log-loss")
      .describe("decides, on the validation split"),
  })
  .prefault({});

const regressTrain = z
  .strictObject({
    ...commonTrain,
    metric: z
      .enum(["squared-error", "absolute-error"])
      .default("squared-error")
      .describe("decides, on the validation split"),
  })
  .prefault({});

const hierarchicalTrain = z
  .strictObject({
    ...commonTrain,
    metric: z
      .enum(["squared-error", "absolute-error", "interval-score"])
      .default("interval-score")
      .describe("decides, on the validation split"),
  })
  .prefault({});

const commonExport = {
  maxBytes: z
    .int()
    .positive()
    .default(100_000_000)
    .describe("a larger model.onnx is refused before training"),
  goldenRows: z
    .int()
    .min(8)
    .default(64)
    .describe("requests with the trainer's answers, kept in the artifact"),
};

const recommendExport = z
  .strictObject({
    ...commonExport,
    budgetBytes: z
      .int()
      .positive()
      .default(8_000_000)
      .describe("neighbour weights are pruned per item until they fit"),
    maxK: z.int().positive().default(1000).describe("longest list a request may ask for"),
    maxHistory: z.int().positive().default(1000).describe("longest history a request may send"),
    maxExclude: z.int().positive().default(10_000).describe("most ids a request may exclude"),
    maxAllow: z.int().positive().default(10_000).describe("most ids a request may restrict the list to"),
  })
  .prefault({});

const predictExport = z.strictObject(commonExport).prefault({});

const common = {
  version: z.literal(configVersion).optional().describe("version of this format"),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "lower-case letters, digits and hyphens")
    .describe("names the artifact's folder"),
  seed: z.int().nonnegative().default(42).describe("same seed, same data: byte-identical model.onnx"),
};

const recommend = z.strictObject({
  task: z.literal("recommend").describe("a ranked list for a history; the default"),
  ...common,
  data: recommendData,
  train: recommendTrain,
  export: recommendExport,
});
const classify = z.strictObject({
  task: z.literal("classify").describe("one of several classes for a row"),
  ...common,
  data: tabularData,
  train: classifyTrain,
  export: predictExport,
});
const regress = z.strictObject({
  task: z.literal("regress").describe("a number for a row"),
  ...common,
  data: tabularData,
  train: regressTrain,
  export: predictExport,
});
const hierarchical = z.strictObject({
  task: z
    .literal("hierarchical")
    .describe("a number for a row of nested groups, with its posterior interval"),
  ...common,
  preset: z
    .literal("elasticity")
    .optional()
    .describe("elasticity: log demand on log price, one elasticity a group"),
  data: hierarchicalData,
  train: hierarchicalTrain,
  export: predictExport,
});

export const projectConfig = z.discriminatedUnion("task", [recommend, classify, regress, hierarchical]);

type Input = z.input<typeof projectConfig>;
type OptionalTask<C> = C extends { task: "recommend" } ? Omit<C, "task"> & { task?: "recommend" } : C;
/** What a person writes: defaults may be left out, and with it the task when it is `recommend`. */
export type ProjectConfigInput = OptionalTask<Input>;
/** What every step reads: complete and trusted. */
export type ProjectConfig<T extends TaskName = TaskName> = Readonly<
  Extract<z.output<typeof projectConfig>, { task: T }>
>;
export type TrainConfig<T extends TaskName = TaskName> = ProjectConfig<T>["train"];
export type ExportConfig<T extends TaskName = TaskName> = ProjectConfig<T>["export"];

/** Types a config written in TypeScript: `export default defineConfig({ … })`. */
export function defineConfig(config: ProjectConfigInput): ProjectConfigInput {
  return config;
}

/** The artifact's manifest: the contract between the release pipeline and every runtime. */
import * as z from "zod/mini";
import type { TaskName } from "../task.ts";
import { estimate } from "./estimate.ts";
import { count, dataCounts, fileHash, inputColumn, metricEstimates, openRecord } from "./fields.ts";
import { pruning } from "./training.ts";

export const artifactManifestVersion = 2;

/** Version of each task's graph signature (see docs/artifact.md). */
export const signatureVersions: Readonly<Record<TaskName, number>> = {
  recommend: 2,
  classify: 1,
  regress: 1,
  hierarchical: 1,
};

const valueInfo = z.strictObject({
  name: z.string(),
  dtype: z.enum(["float32", "float64", "int32", "int64", "bool", "string"]),
  dims: z.array(z.union([z.number(), z.string()])),
});

/** One row of the leaderboard: a model's metrics on the test split. */
const leaderboardRow = z.strictObject({
  kind: z.string(),
  /** Chosen on the validation split. */
  hyperparameters: openRecord,
  chosen: z.boolean(),
  /** `"ndcg@10"` → estimate. */
  metrics: metricEstimates,
  /** Difference to the baseline on the same units, paired. Absent on the baseline itself. */
  differenceToBaseline: z.optional(estimate),
  validation: metricEstimates,
  fitMs: z.optional(z.number()),
});

/** How far a runtime is from the trainer on the golden rows. */
const parityResult = z.strictObject({
  runtime: z.string(),
  version: z.string(),
  rows: count,
  /** Largest absolute difference between the trainer's numbers and the runtime's, over all rows. */
  maxAbs: z.number(),
  /** Share of rows whose discrete answer is the trainer's: the same ids in the same order, the same label or level. */
  sameAnswer: z.number(),
});

const common = {
  schemaVersion: z.literal(artifactManifestVersion),
  name: z.string(),
  version: z.int().check(z.minimum(1)),
  signature: z.strictObject({
    version: z.int().check(z.minimum(1)),
    inputs: z.array(valueInfo),
    outputs: z.array(valueInfo),
  }),
  model: z.strictObject({
    kind: z.string(),
    description: z.string(),
    hyperparameters: openRecord,
    seed: z.int(),
  }),
  files: z.record(z.string(), fileHash),
  /** Key of the training the model comes from: exporting it again gives the same artifact. */
  trainingKey: z.optional(z.string()),
  leaderboard: z.array(leaderboardRow),
  /** Absent when the model fitted its budget as it was. */
  pruning: z.optional(pruning),
  opset: z.record(z.string(), z.int()),
  ops: z.array(z.string()),
  /** Filled by `verify`. An artifact without it is not verified. */
  parity: z.optional(z.record(z.string(), parityResult)),
  /** Runtimes that `verify` could not hold to the trainer, and why: `{ web: "no browser was found" }`. Absent when none is left out. */
  unverified: z.optional(z.record(z.string(), z.string())),
  tools: z.record(z.string(), z.string()),
  /** The parsed project config the artifact came from, without paths outside the project. */
  config: openRecord,
};

/** Where the model comes from: the leaderboard's figures are those of a fit on `measured`, the file holds one on `released`. */
const dataOf = <C extends z.core.$ZodType>(counts: C) =>
  z.strictObject({
    key: z.string(),
    sourceSha256: z.string(),
    split: openRecord,
    measured: counts,
    released: counts,
  });

const recommend = z.strictObject({
  ...common,
  task: z.literal("recommend"),
  data: dataOf(dataCounts.recommend),
  catalogue: z.strictObject({ items: count }),
  limits: z.strictObject({ maxK: count, maxHistory: count, maxExclude: count, maxAllow: count }),
  /** `drop`: items of the history never come back. */
  repeats: z.enum(["drop", "keep"]),
  /** User and context columns that a request may send. */
  inputs: z.array(inputColumn),
});

const predict = { ...common, data: dataOf(dataCounts.tabular), inputs: z.array(inputColumn) };
const classify = z.strictObject({
  ...predict,
  task: z.literal("classify"),
  /** In the order of the graph's `probabilities`. */
  classes: z.array(z.string()),
});
const regress = z.strictObject({ ...predict, task: z.literal("regress") });
const hierarchical = z.strictObject({
  ...predict,
  task: z.literal("hierarchical"),
  /** Columns that nest, widest first. */
  levels: z.array(z.string()),
  preset: z.optional(z.literal("elasticity")),
});

export const artifactManifest = z.discriminatedUnion("task", [recommend, classify, regress, hierarchical]);

export type LeaderboardRow = z.output<typeof leaderboardRow>;
export type ParityResult = z.output<typeof parityResult>;
export type ArtifactManifest<T extends TaskName = TaskName> = Extract<
  z.output<typeof artifactManifest>,
  { task: T }
>;

/** The files of an artifact, by role. */
export const artifactFiles = {
  model: "model.onnx",
  manifest: "manifest.json",
  golden: "golden.json",
  card: "README.md",
  report: "report.html",
  /** Titles and other display columns per item; present when the dataset has them. */
  items: "items.json",
} as const;

/**
 * Forms of a file that an export leaves beside it where they are smaller, the smallest first: the content coding of HTTP,
 * and what is put behind the file's name.
 */
export const compressedForms = [
  { coding: "br", suffix: ".br" },
  { coding: "gzip", suffix: ".gz" },
] as const;

/** What `train` found: every model's figures, and which one was chosen. Written last by `train`, read by `export`. */
import * as z from "zod/mini";
import { estimate, pruning } from "./estimate.ts";

export const trainingManifestVersion = 1;

const count = z.int().check(z.minimum(0));
/** `"ndcg@10"` → estimate. */
const metrics = z.record(z.string(), estimate);

const trainedModel = z.strictObject({
  kind: z.string(),
  description: z.string(),
  /** Chosen on the validation split. */
  hyperparameters: z.record(z.string(), z.unknown()),
  /** Every setting tried, in order, with its validation value of the deciding metric. */
  trials: z.array(z.strictObject({ hyperparameters: z.record(z.string(), z.unknown()), value: z.number() })),
  validation: metrics,
  /** Refitted on train and validation events, ranked once on the test events. */
  test: metrics,
  /** This model minus the baseline on the same test users, paired bootstrap. Absent on the baseline. */
  differenceToBaseline: z.optional(metrics),
  /** Slice (`"users:new"`, `"users:light"`, `"users:heavy"`, `"items:head"`, `"items:tail"`) → users in it and their test metrics. */
  slices: z.record(z.string(), z.strictObject({ users: count, metrics })),
  fitMs: z.number(),
  /** Bytes of the model's weights as shipped. */
  bytes: count,
});

export const trainingManifest = z.strictObject({
  schemaVersion: z.literal(trainingManifestVersion),
  key: z.string(),
  datasetKey: z.string(),
  seed: z.int(),
  /** The deciding metric, `"ndcg@10"`. */
  metric: z.string(),
  baseline: z.string(),
  chosen: z.string(),
  /** Why this one: a sentence for the report. */
  reason: z.string(),
  /** Users ranked per split. */
  users: z.strictObject({ validation: count, test: count }),
  models: z.array(trainedModel),
  pruning: z.optional(pruning),
  files: z.record(z.string(), z.strictObject({ sha256: z.string(), bytes: count })),
});

export type TrainedModel = z.output<typeof trainedModel>;
export type TrainingManifest = z.output<typeof trainingManifest>;

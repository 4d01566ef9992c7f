/** What `train` found: every model's figures, and which one was chosen. Written last by `train`, read by `export`. */
import * as z from "zod/mini";
import type { TaskName } from "../task.ts";
import { estimate } from "./estimate.ts";
import { count, dataCounts, fileHash, metricEstimates, openRecord } from "./fields.ts";

export const trainingManifestVersion = 2;

const trainedModel = z.strictObject({
  kind: z.string(),
  description: z.string(),
  /** Chosen on the tuning half of the validation units. */
  hyperparameters: openRecord,
  /** Every setting tried, in order, with its value of the deciding metric on the tuning half, by seed. */
  trials: z.array(z.strictObject({ hyperparameters: openRecord, value: z.number(), seed: z.int() })),
  /** Seeds over which a trainer with random starts was compared; one where the fit draws nothing. */
  seeds: z.array(z.int()),
  /** On the choosing half of the validation units, mean over the seeds. */
  validation: metricEstimates,
  /** Refitted on train and validation, measured once on the test units. */
  test: metricEstimates,
  /** This model minus the baseline on the same test units, paired. Absent on the baseline, and for statistics. */
  differenceToBaseline: z.optional(metricEstimates),
  /** Slice (`"users:new"`, …) → units in it and their test metrics. */
  slices: z.record(z.string(), z.strictObject({ units: count, metrics: metricEstimates })),
  /** The refit's time. */
  fitMs: z.number(),
  /** The search's time: settings fitted and judged. */
  searchMs: z.number(),
  /** Bytes of the model's weights as shipped. */
  bytes: count,
});

/** One challenge on the way from simple to complex. */
const challenge = z.strictObject({
  challenger: z.string(),
  holder: z.string(),
  /** Challenger minus holder on the choosing units, paired; the interval's level is Holm's for its place. */
  lead: estimate,
  /** Holm-adjusted p-value of "no better", in [0, 1]. */
  adjustedP: z.number(),
  won: z.boolean(),
});

/** What shrinking to the size budget did, and what it cost on the choosing units against the unpruned model. */
export const pruning = z.strictObject({
  budgetBytes: count,
  /** What is left, in words: `"24 neighbours per item"`. */
  kept: z.string(),
  bytesBefore: count,
  bytesAfter: count,
  metric: z.string(),
  before: estimate,
  after: estimate,
  /** After minus before, paired. */
  change: estimate,
});

const common = {
  schemaVersion: z.literal(trainingManifestVersion),
  key: z.string(),
  datasetKey: z.string(),
  seed: z.int(),
  /** The deciding metric, `"ndcg@10"`. */
  metric: z.string(),
  better: z.enum(["higher", "lower"]),
  /** What the figures are means over. */
  unit: z.enum(["user", "row", "group"]),
  baseline: z.string(),
  chosen: z.string(),
  /** Why this one: a sentence for the report. */
  reason: z.string(),
  challenges: z.array(challenge),
  /** Same for every trainer: at most so many settings, stopped after so long. */
  budget: z.strictObject({ trials: count, seeds: count, minutes: z.optional(z.number()) }),
  /** Trainers that were not asked for by name and do not fit this data, with what each would need. */
  leftOut: z.array(z.strictObject({ kind: z.string(), reasons: z.array(z.string()) })),
  /** Units judged: settings are tuned on one half of validation, models compared on the other. */
  units: z.strictObject({ tuning: count, choosing: count, test: count }),
  models: z.array(trainedModel),
  pruning: z.optional(pruning),
  files: z.record(z.string(), fileHash),
};

const recommend = z.strictObject({
  ...common,
  task: z.literal("recommend"),
  /** What the refit behind the test figures was fitted on. */
  measured: dataCounts.recommend,
  /** What the released model was fitted on. */
  released: dataCounts.recommend,
});
const tabular = { ...common, measured: dataCounts.tabular, released: dataCounts.tabular };
const classify = z.strictObject({ ...tabular, task: z.literal("classify") });
const regress = z.strictObject({ ...tabular, task: z.literal("regress") });
const hierarchical = z.strictObject({ ...tabular, task: z.literal("hierarchical") });

export const trainingManifest = z.discriminatedUnion("task", [recommend, classify, regress, hierarchical]);

export type TrainedModel = z.output<typeof trainedModel>;
export type Challenge = z.output<typeof challenge>;
export type Pruning = z.output<typeof pruning>;
export type TrainingManifest<T extends TaskName = TaskName> = Extract<
  z.output<typeof trainingManifest>,
  { task: T }
>;

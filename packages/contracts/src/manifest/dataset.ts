/** The dataset's manifest: written last by `prepare`, read by every later step. */
import * as z from "zod/mini";
import { duplicateRules } from "../interactions.ts";
import type { TaskName } from "../task.ts";
import { count, dataCounts, fileHash, inputColumn, openRecord, sha256 } from "./fields.ts";

export const datasetManifestVersion = 2;

/** Rows before and after one cleaning rule, in the order the rules ran. */
const ruleReport = z.strictObject({
  rule: z.string(),
  /** Which rows it looked at: every raw one, the train rows of the measurement, or all rows of the release. */
  scope: z.enum(["raw", "train", "release"]),
  rowsBefore: count,
  rowsAfter: count,
  note: z.optional(z.string()),
});

const common = {
  schemaVersion: z.literal(datasetManifestVersion),
  name: z.string(),
  /** Content key: sha256 over the step, its parameters, the inputs' sha256 and the code version. */
  key: z.string(),
  source: z.strictObject({ file: z.string(), sha256: z.string(), rows: count }),
  roles: z.record(z.string(), count),
  rules: z.array(ruleReport),
  split: openRecord,
  /** First and last event, epoch milliseconds; absent when the source has no time. */
  timeRange: z.optional(z.strictObject({ firstMs: z.number(), lastMs: z.number() })),
  files: z.record(z.string(), fileHash),
  engine: z.strictObject({ name: z.string(), version: z.string() }),
  /** What a reader should know, one sentence each: ids without a side row, file order taken for time, … */
  notes: z.array(z.string()),
};

/** What became of a side table's rows. */
const sideTable = z.strictObject({
  file: z.string(),
  sha256: z.string(),
  rows: count,
  /** Ids of the release's catalogue that have a row, and that have none. */
  matched: count,
  missing: count,
  /** Rows whose id no event of the release has, that have no id, or repeat one: not used. */
  unused: count,
  /** What stands between the values of a set, by column; the files keep cells as they were. */
  separators: z.optional(z.record(z.string(), z.string())),
});

const recommend = z.strictObject({
  ...common,
  task: z.literal("recommend"),
  /** Split, then cleaned by rules that learned from train alone. `events` counts every role. */
  measured: dataCounts.recommend,
  /** All events that pass the rules. */
  released: dataCounts.recommend,
  /** How repeats of an item weigh in the distinct view. */
  duplicates: z.enum(duplicateRules),
  /** `drop`: what a person has met is neither a target nor ever recommended. `keep`: both may be. */
  repeats: z.enum(["drop", "keep"]),
  /**
   * What became of the targets, by split: those that are ranked, those the rule on repeats dropped, and how many of the
   * kept ones are outside the catalogue (they count as missed).
   */
  targets: z.record(
    z.enum(["validation", "test"]),
    z.strictObject({ kept: count, repeatsDropped: count, outsideCatalogue: count }),
  ),
  /** True when the file has no time and its order was taken as the order of events. */
  fileOrder: z.boolean(),
  /** Attributes that models may use; levels are those of the release. */
  itemFeatures: z.array(inputColumn),
  userFeatures: z.array(inputColumn),
  /** By what they describe: `items`, `users`. */
  sideTables: z.record(z.string(), sideTable),
  /** Rows that `data.events.badRows: "skip"` left out, by kind; they stand in the file `rejected.csv`. Absent when there were none. */
  badRows: z.optional(z.strictObject({ rows: count, kinds: z.record(z.string(), count) })),
  /** Files of a given split beside `source`, by role. */
  splitFiles: z.optional(z.record(z.string(), z.strictObject({ file: z.string(), sha256, rows: count }))),
});

const tabular = {
  ...common,
  measured: dataCounts.tabular,
  released: dataCounts.tabular,
  columns: z.array(inputColumn),
  target: z.string(),
};
const classify = z.strictObject({ ...tabular, task: z.literal("classify") });
const regress = z.strictObject({ ...tabular, task: z.literal("regress") });
const hierarchical = z.strictObject({
  ...tabular,
  task: z.literal("hierarchical"),
  /** Columns that nest, widest first. */
  levels: z.array(z.string()),
});

export const datasetManifest = z.discriminatedUnion("task", [recommend, classify, regress, hierarchical]);

export type RuleReport = z.output<typeof ruleReport>;
export type SideTableReport = z.output<typeof sideTable>;
export type DatasetManifest<T extends TaskName = TaskName> = Extract<
  z.output<typeof datasetManifest>,
  { task: T }
>;

/** Rows of every file that the data came from: of a given split all of its files. */
export function countSourceRows(manifest: DatasetManifest): number {
  const beside = manifest.task === "recommend" ? Object.values(manifest.splitFiles ?? {}) : [];
  return beside.reduce((sum, { rows }) => sum + rows, manifest.source.rows);
}

/** The dataset's manifest: written last by `prepare`, read by every later step. */
import * as z from "zod/mini";

export const datasetManifestVersion = 1;

const count = z.int().check(z.minimum(0));

/** Rows before and after one cleaning rule, in the order the rules ran. */
const ruleReport = z.strictObject({
  rule: z.string(),
  rowsBefore: count,
  rowsAfter: count,
  note: z.optional(z.string()),
});

export const datasetManifest = z.strictObject({
  schemaVersion: z.literal(datasetManifestVersion),
  name: z.string(),
  /** Content key: sha256 over the step, its parameters, the inputs' sha256 and the code version. */
  key: z.string(),
  source: z.strictObject({ file: z.string(), sha256: z.string(), rows: count }),
  counts: z.strictObject({ events: count, users: count, items: count }),
  roles: z.record(z.string(), count),
  rules: z.array(ruleReport),
  split: z.record(z.string(), z.unknown()),
  /** First and last event, epoch milliseconds; absent when the source has no time. */
  timeRange: z.optional(z.strictObject({ firstMs: z.number(), lastMs: z.number() })),
  files: z.record(z.string(), z.strictObject({ sha256: z.string(), bytes: count })),
  engine: z.strictObject({ name: z.string(), version: z.string() }),
});

export type RuleReport = z.output<typeof ruleReport>;
export type DatasetManifest = z.output<typeof datasetManifest>;

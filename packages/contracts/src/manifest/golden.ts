/** Golden rows: inputs of the raw graph and the trainer's answers, to which every runtime is held. */
import * as z from "zod/mini";
import { classification, intervalPrediction, rawValue, regression } from "../predict.ts";
import type { TaskName } from "../task.ts";

export const goldenFileVersion = 2;

/** What the row is for: `"made-up"`, `"empty"`, `"unknown-ids"`, `"duplicates"`, `"exclude"`, `"allow"`, `"missing"`, … */
const name = z.string();

const recommendRow = z.strictObject({
  name,
  /** In request order, repeats allowed. */
  history: z.array(z.string()),
  weights: z.array(z.number()),
  /** Epoch seconds, as long as `history`; absent where the graph takes no time. */
  times: z.optional(z.array(z.number())),
  exclude: z.array(z.string()),
  /** Rank only these; empty means all. */
  allow: z.array(z.string()),
  features: z.optional(z.record(z.string(), rawValue)),
  k: z.int().check(z.minimum(1)),
  expected: z.strictObject({
    items: z.array(z.string()),
    scores: z.array(z.number()),
    source: z.enum(["model", "fallback"]),
    unknown: z.int(),
  }),
});

/** One raw value per input column; null is missing. */
const inputs = z.record(z.string(), rawValue);

const common = {
  schemaVersion: z.literal(goldenFileVersion),
  /** How the expected answers were made; never by the runtime under test. */
  reference: z.string(),
};
const rowsOf = <E extends z.core.$ZodType>(expected: E) =>
  z.array(z.strictObject({ name, inputs, expected }));

export const goldenFile = z.discriminatedUnion("task", [
  z.strictObject({ ...common, task: z.literal("recommend"), rows: z.array(recommendRow) }),
  z.strictObject({
    ...common,
    task: z.literal("classify"),
    /** In the order of the graph's `probabilities`; the keys of a row's `probabilities` have no order of their own. */
    classes: z.array(z.string()),
    rows: rowsOf(classification),
  }),
  z.strictObject({ ...common, task: z.literal("regress"), rows: rowsOf(regression) }),
  z.strictObject({ ...common, task: z.literal("hierarchical"), rows: rowsOf(intervalPrediction) }),
]);

export type GoldenFile<T extends TaskName = TaskName> = Extract<z.output<typeof goldenFile>, { task: T }>;
/** One row of a task's golden file. */
export type GoldenRow<T extends TaskName = TaskName> = GoldenFile<T>["rows"][number];

/** Request and answer of the tasks that take a row of raw columns: the words of the HTTP API, the CLI and the predictor. */
import * as z from "zod/mini";
import type { TaskName } from "./task.ts";

/** As a file or a form holds it. A set is a list; null, or a column left out, is missing. */
export const rawValue = z.union([z.string(), z.number(), z.array(z.string()), z.null()]);

export type RawValue = z.output<typeof rawValue>;

/** One row; columns are those of `manifest.inputs`. A value that train never had is unknown, never an error. */
export const predictRequest = z.strictObject({ inputs: z.record(z.string(), rawValue) });

export type PredictRequest = Readonly<z.output<typeof predictRequest>>;

export const classification = z.strictObject({
  /** The most probable class, or the one the artifact's threshold decides for. */
  label: z.string(),
  /** Class → probability in [0, 1]; they sum to 1. */
  probabilities: z.record(z.string(), z.number()),
});

export const regression = z.strictObject({
  value: z.number(),
  /** Bounds of the value, where the model has them. */
  lower: z.optional(z.number()),
  upper: z.optional(z.number()),
});

export const intervalPrediction = z.strictObject({
  /** Mean of the posterior. */
  mean: z.number(),
  lower: z.number(),
  upper: z.number(),
  /** The finest level whose group is known: a column of `manifest.levels`, or `"population"`. */
  level: z.string(),
});

/** What a row-wise task answers. */
export interface PredictionByTask {
  readonly classify: z.output<typeof classification>;
  readonly regress: z.output<typeof regression>;
  readonly hierarchical: z.output<typeof intervalPrediction>;
}

/** Tasks that take rows of columns instead of a history. */
export type PredictTask = Exclude<TaskName, "recommend">;

export type Prediction<T extends PredictTask = PredictTask> = PredictionByTask[T];

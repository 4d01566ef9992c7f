/** Request and answer of the tasks that take a row of raw columns: the words of the HTTP API, the CLI and the predictor. */
import * as z from "zod/mini";
import type { TaskName } from "./task.ts";

/** Engines cut strings at NUL. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is the one that is meant.
const text = z.string().check(z.regex(/^[^\u0000]*$/));

/** Half way between the largest float32 and the next power of two: from here on a number rounds to infinity. */
const float32Bound = 2 ** 128 - 2 ** 103;

/** As a file or a form holds it. A set is a list; null, or a column left out, is missing. */
export const rawValue = z.union([
  text,
  z.number().check(z.gt(-float32Bound), z.lt(float32Bound)),
  z.array(text),
  z.null(),
]);

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

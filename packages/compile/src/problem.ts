/** What is to be trained, in the one form that every backend takes. */
import type { Loss, LossOutputs, Signature, TensorsByName, UpdateOptions } from "@attune/trace";
import type * as tf from "@tensorflow/tfjs-core";
import type { Batch } from "./tensors.ts";

/** What a batch is measured by: one number, or a loss and further numbers. No noise, no changes of state. */
export type Evaluate = (batch: TensorsByName) => tf.Tensor | LossOutputs;

/** Numbers of an input that pick one of `count` things: 0 to `count − 1`. */
export interface IdRange {
  readonly count: number;
  /** What is picked, for errors: `class`, `row of the embedding items`. */
  readonly what: string;
}

export interface TrainingProblem {
  /** What errors call it. */
  readonly name: string;
  /** dtype and dims of each tensor of a batch. */
  readonly signature: Signature;
  /** Names of row weights, each with the target whose loss it weighs. They come on top of the signature. */
  readonly weights: Readonly<Record<string, string>>;
  /** What is trained, by name. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** Other variables that the loss reads or assigns, such as moving means, by name. */
  readonly state: Readonly<Record<string, tf.Variable>>;
  readonly loss: Loss;
  readonly evaluate: Evaluate;
  readonly optimizer: tf.Optimizer;
  readonly update: UpdateOptions;
  readonly ranges: Readonly<Record<string, IdRange>>;
  /** Brings data into the names and dtypes of the signature, as far as it can. */
  readonly prepare: (data: Batch) => Batch;
}

/** The problem whose batches have weights of rows too. */
export function withWeights(problem: TrainingProblem): TrainingProblem {
  const { signature, weights } = problem;
  const [first] = Object.values(signature);
  const rows = first?.dims[0] ?? "batch";
  const specs = Object.keys(weights).map((name) => [name, { dtype: "float32", dims: [rows] }] as const);
  return { ...problem, signature: { ...signature, ...Object.fromEntries(specs) } };
}

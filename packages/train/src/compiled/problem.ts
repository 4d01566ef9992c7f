/** What is to be trained, in the one form that every backend takes. */
import type { Loss, LossOutputs, Signature, TensorsByName, UpdateOptions } from "@attune/trace";
import type * as tf from "@tensorflow/tfjs-core";

/** What a batch is measured by: one number, or a loss and further numbers. No noise, no changes of state. */
export type Evaluate = (batch: TensorsByName) => tf.Tensor | LossOutputs;

export interface TrainingProblem {
  /** What errors call it. */
  readonly name: string;
  /** dtype and dims of each tensor of a batch. */
  readonly signature: Signature;
  /** What is trained, by name. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** Other variables that the loss reads or assigns, such as moving means, by name. */
  readonly state: Readonly<Record<string, tf.Variable>>;
  readonly loss: Loss;
  readonly evaluate: Evaluate;
  readonly optimizer: tf.Optimizer;
  readonly update: UpdateOptions;
}

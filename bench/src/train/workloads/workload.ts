/** What a training workload is: weights, batches and a loss in plain tfjs, the same for every engine. */
import type { Random } from "@attune/numeric";
import type * as tfjs from "@tensorflow/tfjs-core";

/** The tfjs namespace a loss is written against. Passed in, so that the backend in use is the caller's. */
export type Tf = typeof tfjs;
export type Tensors<Name extends string = string> = Readonly<Record<Name, tfjs.Tensor>>;

/** Values with their shape, row by row. */
export interface NamedArray<Name extends string = string> {
  readonly name: Name;
  readonly dims: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** Names of the weights and of a batch's tensors are types: a loss cannot ask for what is not there. */
export interface Workload<Weight extends string = string, Input extends string = string> {
  readonly name: string;
  readonly summary: string;
  /** Every engine is held to this many. */
  readonly threads: number;
  /** The variables, in order, with their first values. float32. */
  weights(random: Random): readonly NamedArray<Weight>[];
  /** One batch. */
  batch(random: Random): readonly NamedArray<Input>[];
  /** The scalar to minimise, from tfjs ops only. */
  loss(tf: Tf, weights: Tensors<Weight>, batch: Tensors<Input>): tfjs.Scalar;
}

/** Adam of every workload and engine: `m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)`, dense. @see Kingma & Ba 2015, algorithm 1 */
export const adam = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;

/** Different batches of a workload; step t takes batch t modulo this. */
export const batchCount = 8;

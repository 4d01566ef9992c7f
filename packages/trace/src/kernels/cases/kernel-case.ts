/** Cases of the kernel list as data: the tests run each on tfjs-backend-cpu and, traced, in ONNX Runtime. */
import type * as tf from "@tensorflow/tfjs-core";
import type { TfDtype } from "../define.ts";

/** How a tensor's elements are drawn, from a seed. */
export type Fill =
  /** Uniform floats in `[low, high)`; whole numbers for int32; for bool, true where the draw is above the middle. */
  | { readonly low: number; readonly high: number }
  /** These numbers, repeated as often as needed. */
  | readonly number[];

export interface CaseInput {
  readonly dtype: TfDtype;
  /** `"n"` is symbolic: the case runs at n = 1, 2 and 5 through one model. */
  readonly dims: readonly (number | "n")[];
  /** Default `[-2, 2)`. */
  readonly fill?: Fill;
}

export interface KernelCase {
  /** What is special about it: "int32", "broadcast a row", "axis -2, keepDims". */
  readonly name: string;
  readonly inputs: Readonly<Record<string, CaseInput>>;
  /** The call through tfjs's public ops, which runs the kernel (and may run others). */
  run(inputs: Readonly<Record<string, tf.Tensor>>): tf.Tensor | readonly tf.Tensor[];
  /**
   * Whether the gradient of the (first) output for every float32 input is compared too, with a seeded dy. Default: where tfjs
   * has a gradient for the kernel and there is a float32 input. A reason says why not.
   */
  readonly gradient?: { readonly skip: string };
  /** Largest difference, relative above 1. Default 1e-5. */
  readonly tolerance?: { readonly value: number; readonly why: string };
  /** Sizes of n. Default 1, 2, 5; with 0 where the kernel can take it. */
  readonly sizes?: readonly number[];
}

/** Kernel → its cases. */
export type KernelCases = Readonly<Record<string, readonly KernelCase[]>>;

/** Short words for inputs. */
export function float(dims: CaseInput["dims"], fill?: Fill): CaseInput {
  return { dtype: "float32", dims, ...(fill && { fill }) };
}

export function int(dims: CaseInput["dims"], fill: Fill = { low: -5, high: 6 }): CaseInput {
  return { dtype: "int32", dims, fill };
}

export function bool(dims: CaseInput["dims"], fill: Fill = { low: 0, high: 1 }): CaseInput {
  return { dtype: "bool", dims, fill };
}

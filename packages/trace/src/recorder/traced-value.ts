/** What a kernel gets and gives while tracing: a value without numbers. Any file of this package may import this. */
import type { DataType, Tensor } from "@attune/contracts";

/** A value of one trace. Sizes are those of the trace; which of them are symbolic is found by comparing traces. */
export interface TracedValue {
  /** Position among the values of its trace: the same in each trace of one function. */
  readonly id: number;
  readonly dtype: DataType;
  readonly dims: readonly number[];
  readonly source: ValueSource;
  /**
   * The numbers, where they hang on constants only; computed when asked for, by tfjs's own cpu kernel.
   * `undefined` = they hang on an input.
   */
  readonly known: (() => Tensor) | undefined;
}

export type ValueSource =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "constant"; readonly tensor: Tensor; readonly name: string; readonly origin: string }
  | { readonly kind: "node"; readonly node: TracedNode; readonly index: number };

/** One ONNX node of one trace. */
export interface TracedNode {
  readonly op: string;
  readonly inputs: readonly (TracedValue | undefined)[];
  readonly attributes: Attributes;
  readonly outputs: TracedValue[];
  /** Path of the layer that was running: `encoder/dense_1`; empty outside layers. */
  readonly scope: string;
  /** The tfjs kernel that appended it. */
  readonly kernel: string;
}

export type Attributes = Readonly<Record<string, number | string | readonly number[] | readonly string[]>>;

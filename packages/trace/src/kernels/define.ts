/** The form of one entry of the kernel list, and the words a kernel is written with. */
import type { DataType, Tensor } from "@attune/contracts";
import type { Attributes, TracedValue } from "../recorder/traced-value.ts";

/** dtypes of tfjs that a graph can hold. */
export type TfDtype = "float32" | "int32" | "bool";

/** How a kernel writes into the graph. Every word appends nodes (or finds a constant) and returns the new value. */
export interface KernelGraph {
  /** Appends one node with one output. `undefined` is an absent optional input. */
  node(op: string, inputs: readonly (TracedValue | undefined)[], attributes?: Attributes): TracedValue;
  /** Appends one node with several outputs. */
  nodes(
    op: string,
    inputs: readonly (TracedValue | undefined)[],
    outputCount: number,
    attributes?: Attributes,
  ): readonly TracedValue[];
  /** A constant tensor of the kernel's own. */
  constant(tensor: Tensor): TracedValue;
  /** A vector of whole numbers (int64): shapes, axes, starts, pads. Sizes of symbolic dims may stand in it. */
  ints(values: readonly number[]): TracedValue;
  /** A number of the given dtype, rank 0. Default float32. */
  scalar(value: number, dtype?: DataType): TracedValue;
  /** Nothing is appended when the dtype is right already. */
  cast(x: TracedValue, dtype: DataType): TracedValue;
  /** Nothing is appended when the shape is right already. */
  reshape(x: TracedValue, dims: readonly number[]): TracedValue;
  /** Nothing is appended when the order is 0, 1, 2, … */
  transpose(x: TracedValue, perm: readonly number[]): TracedValue;
  /** Broadcasts to exactly these dims; nothing is appended when they are right already. */
  expand(x: TracedValue, dims: readonly number[]): TracedValue;
  /** Notes a problem that makes this call impossible to trace; the trace goes on to find the others. */
  refuse(reason: string): never;
}

export interface KernelCall<Inputs, Attrs> {
  /** By tfjs's names; an optional input that is absent is `undefined`. Variadic inputs are under "0", "1", … */
  readonly inputs: { readonly [K in keyof Inputs]: TracedValue };
  readonly attrs: Attrs;
  readonly graph: KernelGraph;
}

/** One tfjs kernel: everything the tracer, docs/kernels.md and the tests know about it. */
export interface Kernel {
  /** tfjs's name of it. */
  readonly kernel: string;
  /** ONNX ops it may append. */
  readonly emits: readonly string[];
  /** dtypes that its tensors may have; others are refused by name. */
  readonly dtypes: readonly TfDtype[];
  /** Its shapes in words: `[..., m, k] × [..., k, n] → [..., m, n]`. */
  readonly shapes: string;
  /** What a user should know: a limit, a choice. */
  readonly note?: string;
  trace(call: KernelCall<Record<string, unknown>, unknown>): TracedValue | readonly TracedValue[];
}

/**
 * An entry. The outputs must have the shape and dtype that tfjs-backend-cpu gives.
 *
 * @typeParam Inputs - tfjs's type of the kernel's inputs, such as `BatchMatMulInputs`.
 * @typeParam Attrs - tfjs's type of its attributes.
 */
export function defineKernel<Inputs, Attrs = object>(
  entry: Omit<Kernel, "trace"> & {
    trace(call: KernelCall<Inputs, Attrs>): TracedValue | readonly TracedValue[];
  },
): Kernel {
  // tfjs checks nothing about attributes either: its ops are the only callers of kernels.
  return entry as Kernel;
}

export const numbers: readonly TfDtype[] = ["float32", "int32"];
export const floats: readonly TfDtype[] = ["float32"];
export const bools: readonly TfDtype[] = ["bool"];
export const anyDtype: readonly TfDtype[] = ["float32", "int32", "bool"];

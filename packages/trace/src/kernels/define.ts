/** The form of one entry of the kernel list. */
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";

/** dtypes of tfjs that a graph can hold. */
export type TfDtype = "float32" | "int32" | "bool";

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

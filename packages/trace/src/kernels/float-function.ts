/** The form of kernels that compute a function of one number in float32. Only kernel families import this. */
import type * as tf from "@tensorflow/tfjs-core";
import type { TracedValue } from "../recorder/traced-value.ts";
import { defineKernel, type Kernel, type KernelGraph, numbers } from "./define.ts";

type Compute = (x: TracedValue, graph: KernelGraph) => TracedValue;

/**
 * A function of float32. tfjs gives int32 in, int32 out: the fraction of each result is cut off.
 *
 * @param emits - the ONNX ops of `compute`.
 */
export function floatFunction(
  kernel: string,
  emits: readonly string[],
  compute: Compute = (x, graph) => graph.node(emits[0] ?? kernel, [x]),
): Kernel {
  return defineKernel<{ x: tf.TensorInfo }>({
    kernel,
    emits: [...emits, "Cast"],
    dtypes: numbers,
    shapes: "x",
    trace({ inputs: { x }, graph }) {
      if (x.dtype === "float32") return compute(x, graph);
      return toInt32(compute(graph.cast(x, "float32"), graph), graph);
    },
  });
}

/**
 * Floats to int32 as JavaScript does it: the fraction is cut off, NaN becomes 0 and numbers beyond int32 wrap.
 * A cast straight to int32 would make −2147483648 of all these.
 */
export function toInt32(x: TracedValue, graph: KernelGraph): TracedValue {
  return x.dtype === "float32" || x.dtype === "float64"
    ? graph.cast(graph.cast(x, "int64"), "int32")
    : graph.cast(x, "int32");
}

/** The form of kernels that compute a function of one number in float32. Only kernel families import this. */
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { defineKernel, floats, type Kernel, numbers } from "./define.ts";

type Compute = (x: TracedValue, graph: KernelGraph) => TracedValue;

/**
 * A function of float32; tfjs lets nothing else into it.
 *
 * @param emits - the ONNX ops of `compute`; without it, the one op.
 */
export function floatFunction(
  kernel: string,
  emits: readonly string[],
  compute: Compute = (x, graph) => graph.node(emits[0] ?? kernel, [x]),
): Kernel {
  return defineKernel<{ x: tf.TensorInfo }>({
    kernel,
    emits,
    dtypes: floats,
    shapes: "x",
    trace: ({ inputs: { x }, graph }) => compute(x, graph),
  });
}

/** The same for a kernel that takes int32 too: computed in float32, and then the fraction is cut off. */
export function numberFunction(kernel: string, emits: readonly string[], compute?: Compute): Kernel {
  const ofFloats = floatFunction(kernel, emits, compute);
  return defineKernel<{ x: tf.TensorInfo }>({
    ...ofFloats,
    emits: [...new Set([...emits, ...toInt32Ops])],
    dtypes: numbers,
    trace({ inputs: { x }, attrs, graph }) {
      const y = ofFloats.trace({ inputs: { x: graph.cast(x, "float32") }, attrs, graph });
      return x.dtype === "int32" && "id" in y ? toInt32(y, graph) : y;
    },
  });
}

/** Ops of `toInt32`. */
export const toInt32Ops: readonly string[] = ["Abs", "LessOrEqual", "Where", "Cast"];

/**
 * Floats to int32: the fraction is cut off, NaN and ±∞ become 0. A bare cast leaves these to the machine, and two
 * casts through int64 are made one by ONNX Runtime. Beyond int32, where tfjs wraps, the result is 0 too.
 */
export function toInt32(x: TracedValue, graph: KernelGraph): TracedValue {
  if (x.dtype !== "float32" && x.dtype !== "float64") return graph.cast(x, "int32");
  const fits = graph.node("LessOrEqual", [graph.node("Abs", [x]), graph.scalar(2 ** 31, x.dtype)]);
  return graph.cast(graph.node("Where", [fits, x, graph.scalar(0, x.dtype)]), "int32");
}

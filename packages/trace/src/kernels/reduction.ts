/** Sums, means, extremes along axes. */
import * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { anyDtype, bools, defineKernel, type Kernel, numbers } from "./define.ts";

type Unary = { x: tf.TensorInfo };
type Axes = number | readonly number[] | undefined;
interface Attrs {
  readonly axis?: Axes;
  /** What Max calls its axes. */
  readonly reductionIndices?: Axes;
  readonly keepDims?: boolean;
}

const shapes = "x without the axes, or with 1 in their place";

function reduce(graph: KernelGraph, op: string, x: TracedValue, attrs: Attrs): TracedValue {
  const given = attrs.axis ?? attrs.reductionIndices ?? x.dims.map((_, axis) => axis);
  const axes = tf.util.parseAxisParam(given as number | number[], [...x.dims]);
  if (axes.length === 0) return x;
  return graph.node(op, [x, graph.ints(axes)], { keepdims: attrs.keepDims ? 1 : 0 });
}

/** tfjs makes int32 of truth values before it adds or multiplies them. */
function total(kernel: string, op: string): Kernel {
  return defineKernel<Unary, Attrs>({
    kernel,
    emits: [op],
    dtypes: numbers,
    shapes,
    trace: ({ inputs: { x }, attrs, graph }) => reduce(graph, op, x, attrs),
  });
}

/** Extremes of truth values are taken of int32: ONNX has them of bool since opset 20 only. */
function extreme(kernel: string, op: string, dtypes = anyDtype): Kernel {
  return defineKernel<Unary, Attrs>({
    kernel,
    emits: [op, "Cast"],
    dtypes,
    shapes,
    ...(dtypes === anyDtype && { note: "ONNX Runtime may pass over a NaN; tfjs gives NaN." }),
    trace({ inputs: { x }, attrs, graph }) {
      if (x.dtype !== "bool") return reduce(graph, op, x, attrs);
      return graph.cast(reduce(graph, op, graph.cast(x, "int32"), attrs), "bool");
    },
  });
}

/** The first of equals. */
function position(op: "ArgMax" | "ArgMin"): Kernel {
  return defineKernel<Unary, { axis: number }>({
    kernel: op,
    emits: [op, "Cast"],
    dtypes: anyDtype,
    shapes: "x without the axis; int32",
    trace({ inputs: { x }, attrs: { axis }, graph }) {
      const [at = 0] = tf.util.parseAxisParam(axis, [...x.dims]);
      const values = x.dtype === "bool" ? graph.cast(x, "int32") : x;
      return graph.cast(graph.node(op, [values], { axis: at, keepdims: 0 }), "int32");
    },
  });
}

export const reductionKernels: readonly Kernel[] = [
  total("Sum", "ReduceSum"),
  total("Prod", "ReduceProd"),
  defineKernel<Unary, Attrs>({
    kernel: "Mean",
    emits: ["ReduceMean", "Cast"],
    dtypes: anyDtype,
    shapes,
    trace: ({ inputs: { x }, attrs, graph }) => reduce(graph, "ReduceMean", graph.cast(x, "float32"), attrs),
  }),
  extreme("Max", "ReduceMax"),
  extreme("Min", "ReduceMin"),
  extreme("All", "ReduceMin", bools),
  extreme("Any", "ReduceMax", bools),
  position("ArgMax"),
  position("ArgMin"),
];

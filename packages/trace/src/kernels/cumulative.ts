/** Sums and products that run along an axis. */
import type * as tf from "@tensorflow/tfjs-core";
import type { TracedValue } from "../recorder/traced-value.ts";
import { anyDtype, defineKernel, type Kernel } from "./define.ts";

type Unary = { x: tf.TensorInfo };
interface Attrs {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

export const cumulativeKernels: readonly Kernel[] = [
  defineKernel<Unary, Attrs>({
    kernel: "Cumsum",
    emits: ["CumSum", "Cast"],
    dtypes: anyDtype,
    shapes: "x",
    trace({ inputs: { x }, attrs: { axis, exclusive, reverse }, graph }) {
      const values = x.dtype === "bool" ? graph.cast(x, "int32") : x;
      const attributes = { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 };
      return graph.node("CumSum", [values, graph.scalar(axis, "int64")], attributes);
    },
  }),
  defineKernel<Unary, Attrs>({
    kernel: "Cumprod",
    emits: ["Cast", "Range", "Less", "LessOrEqual", "Unsqueeze", "Where", "ReduceProd", "Transpose"],
    dtypes: anyDtype,
    shapes: "x",
    note: "takes memory of the axis squared",
    /** Row i of a square holds the elements that product i is made of, and 1 elsewhere. */
    trace({ inputs: { x }, attrs: { axis, exclusive, reverse }, graph }) {
      const values = x.dtype === "bool" ? graph.cast(x, "int32") : x;
      const axes = x.dims.map((_, at) => at);
      const last = [...axes.filter((at) => at !== axis), axis];
      const moved = graph.transpose(values, last);
      const size = x.dims[axis] ?? 1;
      const places = graph.node(
        "Range",
        [0, size, 1].map((number) => graph.scalar(number, "int64")),
      );
      const rows = graph.node("Unsqueeze", [places, graph.ints([-1])]);
      const pair: readonly TracedValue[] = reverse ? [rows, places] : [places, rows];
      const isTaken = graph.node(exclusive ? "Less" : "LessOrEqual", pair);
      const elements = graph.node("Unsqueeze", [moved, graph.ints([-2])]);
      const square = graph.node("Where", [isTaken, elements, graph.scalar(1, values.dtype)]);
      const products = graph.node("ReduceProd", [square, graph.ints([-1])], { keepdims: 0 });
      return graph.transpose(
        products,
        axes.map((at) => last.indexOf(at)),
      );
    },
  }),
];

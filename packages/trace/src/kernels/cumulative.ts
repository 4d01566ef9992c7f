/** Sums and products that run along an axis. */
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { anyDtype, defineKernel, type Kernel } from "./define.ts";

type Unary = { x: tf.TensorInfo };
interface Attrs {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/**
 * By a square whose row i holds the elements that product i is made of, and 1 elsewhere. Its nodes hang on no size, so
 * the axis may be symbolic.
 *
 * @param x - `[..., n]`
 */
function productsBySquare(x: TracedValue, { exclusive, reverse }: Attrs, graph: KernelGraph): TracedValue {
  const size = x.dims.at(-1) ?? 1;
  const places = graph.node(
    "Range",
    [0, size, 1].map((number) => graph.scalar(number, "int64")),
  );
  const rows = graph.node("Unsqueeze", [places, graph.ints([-1])]);
  const isTaken = graph.node(exclusive ? "Less" : "LessOrEqual", reverse ? [rows, places] : [places, rows]);
  const elements = graph.node("Unsqueeze", [x, graph.ints([-2])]);
  const square = graph.node("Where", [isTaken, elements, graph.scalar(1, x.dtype)]);
  return graph.node("ReduceProd", [square, graph.ints([-1])], { keepdims: 0 });
}

/** By doubling: after step k each element is the product of the 2^k before it. log₂ n passes. */
function productsByDoubling(x: TracedValue, { exclusive, reverse }: Attrs, graph: KernelGraph): TracedValue {
  const rank = x.dims.length;
  const shift = (value: TracedValue, by: number) => {
    const pads = new Array<number>(2 * rank).fill(0);
    pads[rank - 1] = reverse ? -by : by;
    pads[2 * rank - 1] = reverse ? by : -by;
    return graph.node("Pad", [value, graph.ints(pads), graph.scalar(1, x.dtype)]);
  };
  let products = exclusive ? shift(x, 1) : x;
  for (let by = 1; by < (x.dims.at(-1) ?? 1); by *= 2) {
    products = graph.node("Mul", [products, shift(products, by)]);
  }
  return products;
}

/** The longest axis whose products are taken by a square; symbolic sizes are traced far below it. */
const longestSquare = 128;

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
    emits: [
      ...["Range", "Unsqueeze", "Less", "LessOrEqual", "Where", "ReduceProd"],
      ...["Pad", "Mul", "Transpose", "Cast"],
    ],
    dtypes: anyDtype,
    shapes: "x",
    note: "An axis of symbolic size takes memory of its square.",
    trace({ inputs: { x }, attrs, graph }) {
      const values = x.dtype === "bool" ? graph.cast(x, "int32") : x;
      const axes = x.dims.map((_, at) => at);
      const order = [...axes.filter((at) => at !== attrs.axis), attrs.axis];
      const moved = graph.transpose(values, order);
      const size = x.dims[attrs.axis] ?? 1;
      if (size === 0) return values;
      const products = (size <= longestSquare ? productsBySquare : productsByDoubling)(moved, attrs, graph);
      return graph.transpose(
        products,
        axes.map((at) => order.indexOf(at)),
      );
    },
  }),
];

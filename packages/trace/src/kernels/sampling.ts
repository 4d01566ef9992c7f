/** Reading images at computed places. tfjs computes places in float64; so do these nodes. */
import { int64Tensor } from "@attune/onnx";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";

type Operand = TracedValue | number;

/** float64 arithmetic, with numbers as operands. */
export interface Arithmetic {
  binary(op: "Add" | "Sub" | "Mul" | "Div", a: Operand, b: Operand): TracedValue;
  compare(
    op: "Less" | "LessOrEqual" | "Greater" | "GreaterOrEqual" | "Equal",
    a: Operand,
    b: Operand,
  ): TracedValue;
  floor(x: TracedValue): TracedValue;
  /** Halves go up, as Math.round has it. */
  round(x: TracedValue): TracedValue;
  clip(x: TracedValue, low: number, high: number): TracedValue;
  where(condition: TracedValue, a: Operand, b: Operand): TracedValue;
}

export function float64Arithmetic(graph: KernelGraph): Arithmetic {
  const value = (operand: Operand) =>
    typeof operand === "number" ? graph.scalar(operand, "float64") : operand;
  const binary: Arithmetic["binary"] = (op, a, b) => graph.node(op, [value(a), value(b)]);
  const floor = (x: TracedValue) => graph.node("Floor", [x]);
  return {
    binary,
    compare: (op, a, b) => graph.node(op, [value(a), value(b)]),
    floor,
    round: (x) => floor(binary("Add", x, 0.5)),
    clip: (x, low, high) => graph.node("Clip", [x, value(low), value(high)]),
    where: (condition, a, b) => graph.node("Where", [condition, value(a), value(b)]),
  };
}

/** ONNX ops that sampling appends in any case. */
export const samplingOps: readonly string[] = [
  ...["Add", "Sub", "Mul", "Div", "Floor", "Clip", "Where", "And", "Less", "GreaterOrEqual"],
  ...["Cast", "Reshape", "Split", "Gather"],
];

/** `from`, …, `from + count − 1` as `[…, count, …]`, to broadcast along one axis. */
export function places(graph: KernelGraph, count: number, dims: readonly number[]): TracedValue {
  return graph.constant({
    dtype: "float64",
    dims,
    data: Float64Array.from({ length: count }, (_, at) => at),
  });
}

/** The cells of a batch of images. */
export interface Cells {
  /**
   * @param start - int64: the first cell of each image, from `imageStarts`.
   * @param row - float64, whole, within the image; as `column`. The three broadcast.
   * @returns their shape, and channels.
   */
  read(start: TracedValue, row: TracedValue, column: TracedValue): TracedValue;
}

/** @param image - `[batch, height, width, channels]`. */
export function createCells(graph: KernelGraph, image: TracedValue): Cells {
  const [batch = 0, height = 0, width = 0, channels = 0] = image.dims;
  const cells = graph.reshape(image, [batch * height * width, channels]);
  return {
    read(start, row, column) {
      const rows = graph.node("Mul", [graph.cast(row, "int64"), graph.scalar(width, "int64")]);
      const within = graph.node("Add", [rows, graph.cast(column, "int64")]);
      return graph.node("Gather", [cells, graph.node("Add", [start, within])]);
    },
  };
}

/** Columns of `[rows, columns]`, each `[rows, 1, 1]`. */
export function columnsOf(graph: KernelGraph, x: TracedValue): readonly TracedValue[] {
  const [rows = 0, columns = 0] = x.dims;
  const ones = graph.constant(int64Tensor(new Array<bigint>(columns).fill(1n)));
  return graph
    .nodes("Split", [x, ones], columns, { axis: 1 })
    .map((column) => graph.reshape(column, [rows, 1, 1]));
}

/** A weight in float32, with an axis for channels. */
export function perChannel(graph: KernelGraph, x: TracedValue): TracedValue {
  const given = x.dtype === "bool" ? x : graph.cast(x, "float32");
  return graph.reshape(given, [...x.dims, 1]);
}

/** The words a kernel is written with. */
import type { DataType, Tensor } from "@attune/contracts";
import { boolTensor, float32Tensor, int32Tensor, int64Tensor } from "@attune/onnx";
import type { Recorder } from "./recorder.ts";
import type { Attributes, TracedValue } from "./traced-value.ts";

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

/** Thrown by `refuse`, caught where the kernel was called. */
export class Refusal extends Error {}

export function createKernelGraph(recorder: Recorder): KernelGraph {
  const graph: KernelGraph = {
    node(op, inputs, attributes = {}) {
      const [value] = recorder.append(op, inputs, 1, attributes);
      return value as TracedValue;
    },
    nodes: (op, inputs, outputCount, attributes = {}) => recorder.append(op, inputs, outputCount, attributes),
    constant: (tensor) => recorder.constant(tensor, "constant", recorder.kernel),
    ints: (values) => graph.constant(int64Tensor(values.map(BigInt))),
    scalar: (value, dtype = "float32") => graph.constant(scalarTensor(value, dtype)),
    cast: (x, dtype) => (x.dtype === dtype ? x : graph.node("Cast", [x], { to: dtype })),
    reshape(x, dims) {
      if (sameDims(x.dims, dims)) return x;
      // Otherwise a 0 copies the dim that x has there.
      return graph.node("Reshape", [x, graph.ints(dims)], dims.includes(0) ? { allowzero: 1 } : {});
    },
    transpose: (x, perm) =>
      perm.every((axis, at) => axis === at) ? x : graph.node("Transpose", [x], { perm }),
    expand: (x, dims) => (sameDims(x.dims, dims) ? x : graph.node("Expand", [x, graph.ints(dims)])),
    refuse(reason) {
      throw new Refusal(reason);
    },
  };
  return graph;
}

export function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

function scalarTensor(value: number, dtype: DataType): Tensor {
  switch (dtype) {
    case "float32":
      return float32Tensor([value], []);
    case "float64":
      return { dtype, dims: [], data: Float64Array.of(value) };
    case "int32":
      return int32Tensor([value], []);
    case "int64":
      return int64Tensor([BigInt(value)], []);
    case "bool":
      return boolTensor([value !== 0], []);
    case "string":
      return { dtype, dims: [], data: [String(value)] };
  }
}

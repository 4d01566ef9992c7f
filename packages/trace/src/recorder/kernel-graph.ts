/** The words of `KernelGraph` on a recorder. */

import type { DataType, Tensor } from "@attune/contracts";
import { boolTensor, float32Tensor, int32Tensor, int64Tensor } from "@attune/onnx";
import type { KernelGraph } from "../kernels/define.ts";
import type { Recorder } from "./recorder.ts";
import type { TracedValue } from "./traced-value.ts";

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

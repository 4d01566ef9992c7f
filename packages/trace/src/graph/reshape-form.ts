/** How a reshape to symbolic sizes is written, with as little arithmetic at run time as there can be. */
import { int64Tensor } from "@attune/onnx";
import { constantExpression, constantOf, type Expression, expressionKey } from "./expression.ts";
import type { GraphNode, GraphValue } from "./graph.ts";

/**
 * In order of choice:
 * - the only size that is not known is −1, or those that the input has in the same places are 0, "as it is"; not both,
 *   since −1 has no meaning beside a size that turns out to be 0;
 * - Unsqueeze or Squeeze, where only axes of size 1 come or go;
 * - a shape that is computed.
 */
export function reshapeForm(node: GraphNode): GraphNode {
  const [x, shape] = node.inputs;
  const [y] = node.outputs;
  if (node.op !== "Reshape" || x === undefined || y === undefined) return node;
  if (shape?.source.kind !== "symbolic") {
    const isEmpty = y.dims.some((dim) => constantOf(dim) === 0);
    return isEmpty ? { ...node, attributes: { allowzero: 1 } } : node;
  }
  const target = listTarget(x.dims, y.dims);
  if (target !== undefined) return { ...node, inputs: [x, vector(target)], attributes: {} };
  const added = addedAxes(x.dims, y.dims);
  if (added !== undefined) return { ...node, op: "Unsqueeze", inputs: [x, vector(added)], attributes: {} };
  const removed = addedAxes(y.dims, x.dims);
  if (removed !== undefined) return { ...node, op: "Squeeze", inputs: [x, vector(removed)], attributes: {} };
  // In a shape that is computed a 0 is a size.
  return { ...node, attributes: { allowzero: 1 } };
}

function vector(numbers: readonly number[]): GraphValue {
  return {
    dtype: "int64",
    dims: [constantExpression(numbers.length)],
    source: { kind: "constant", tensor: int64Tensor(numbers), name: "shape" },
  };
}

function isSame(a: Expression | undefined, b: Expression | undefined): boolean {
  return a !== undefined && b !== undefined && expressionKey(a) === expressionKey(b);
}

function listTarget(from: readonly Expression[], to: readonly Expression[]): number[] | undefined {
  const sizes = to.map(constantOf);
  if (sizes.includes(0)) return undefined;
  const open = [...sizes.keys()].filter((axis) => sizes[axis] === undefined);
  if (open.length === 1) return sizes.map((size) => size ?? -1);
  const isKept = open.every((axis) => isSame(from[axis], to[axis]));
  return isKept ? sizes.map((size) => size ?? 0) : undefined;
}

/** Axes of size 1 that `to` has more than `from`, where that is all the difference. */
function addedAxes(from: readonly Expression[], to: readonly Expression[]): number[] | undefined {
  const added: number[] = [];
  for (const [axis, dim] of to.entries()) {
    if (isSame(from[axis - added.length], dim)) continue;
    if (constantOf(dim) !== 1) return undefined;
    added.push(axis);
  }
  return to.length - added.length === from.length ? added : undefined;
}

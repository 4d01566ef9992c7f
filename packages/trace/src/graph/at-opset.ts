/** Kernels write nodes in the form of the newest opset; some had another form before. */
import type { GraphNode } from "./graph.ts";

/** Their axes are an input since opset 18, an attribute before. ReduceSum's are an input since 13. */
const reductions = new Set([
  ...["ReduceMax", "ReduceMin", "ReduceMean", "ReduceProd", "ReduceL1", "ReduceL2"],
  ...["ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp"],
]);

/** The node as the opset writes it. Nodes that it does not know are left to the builder to refuse. */
export function atOpset(node: GraphNode, opset: number): GraphNode {
  const [data, axes] = node.inputs;
  if (opset >= 18 || !reductions.has(node.op) || axes?.source.kind !== "constant") return node;
  const { noop_with_empty_axes: _, ...attributes } = node.attributes;
  const list = Array.from(axes.source.tensor.data, Number);
  return { ...node, inputs: [data], attributes: { ...attributes, axes: list } };
}

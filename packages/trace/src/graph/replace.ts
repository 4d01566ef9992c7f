/** Puts other values in the place of some values of a graph. */
import { createNode, type GraphValue, listNodes, type TracedGraph } from "./graph.ts";

/** Every use of a key, in nodes and among the outputs, becomes its value. The values may be made of the keys. */
export function replaceUses(graph: TracedGraph, by: ReadonlyMap<GraphValue, GraphValue>): TracedGraph {
  const replaced = new Map(by);
  const current = (value: GraphValue) => replaced.get(value) ?? value;
  for (const node of listNodes(graph)) {
    const inputs = node.inputs.map((input) => input && current(input));
    if (inputs.every((input, at) => input === node.inputs[at])) continue;
    const outputs = createNode({ ...node, inputs }, node.outputs);
    for (const [at, output] of node.outputs.entries()) {
      if (!by.has(output)) replaced.set(output, outputs[at] as GraphValue);
    }
  }
  return {
    inputs: graph.inputs,
    outputs: graph.outputs.map(({ name, value }) => ({ name, value: current(value) })),
  };
}

/** Graphs inside graphs: the bodies of If, Loop and Scan. */
import type { Graph, Node } from "./model.ts";

/** How deep bodies may lie in bodies: a bound on what a hostile file can make us do. */
export const maxNesting = 16;

/** The bodies of one node. */
export function subgraphsOf(node: Node): readonly Graph[] {
  return Object.values(node.attributes).flatMap((attribute) =>
    attribute.type === "graph" ? [attribute.value] : [],
  );
}

/** The graph itself and every body in it, at any depth, in the order of the file. */
export function* allGraphs(graph: Graph): Generator<Graph> {
  yield graph;
  for (const node of graph.nodes) {
    for (const body of subgraphsOf(node)) yield* allGraphs(body);
  }
}

/** Every name that a node reads: its inputs, and what its bodies take from around them. */
export function* namesUsed(node: Node): Generator<string> {
  yield* node.inputs;
  for (const body of subgraphsOf(node)) {
    for (const { nodes } of allGraphs(body)) {
      for (const { inputs } of nodes) yield* inputs;
    }
  }
}

/** The node with other names for values, in its bodies too. */
export function renameNode(node: Node, rename: (name: string) => string): Node {
  const attributes = Object.entries(node.attributes).map(([name, attribute]) =>
    attribute.type === "graph"
      ? ([name, { type: "graph", value: renameGraph(attribute.value, rename) }] as const)
      : ([name, attribute] as const),
  );
  return {
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: Object.fromEntries(attributes),
  };
}

function renameGraph(graph: Graph, rename: (name: string) => string): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => renameNode(node, rename)),
    inputs: graph.inputs.map((value) => ({ ...value, name: rename(value.name) })),
    outputs: graph.outputs.map((value) => ({ ...value, name: rename(value.name) })),
    initializers: new Map(Array.from(graph.initializers, ([name, tensor]) => [rename(name), tensor])),
  };
}

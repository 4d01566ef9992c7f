/** Ops of a loaded GraphModel that tfjs would fail on when it comes to them. */
import type { GraphModel } from "@tensorflow/tfjs-converter";
import { isRecord } from "../record.ts";
import { nodesBehind, readGraphNodes } from "./graph-topology.ts";

/** One line for each op that is neither tfjs's nor registered, with its nodes. Unused nodes may hold anything. */
export function listUnknownOps(
  model: GraphModel,
  topology: Readonly<Record<string, unknown>>,
): readonly string[] {
  const categories = opCategories(model);
  const nodesOfOp = new Map<string, string[]>();
  const outputs = model.outputs.map(({ name }) => name);
  for (const { name, op } of nodesBehind(readGraphNodes(topology, []), outputs)) {
    if (!categories.has(name) || categories.get(name) !== undefined) continue;
    nodesOfOp.set(op, [...(nodesOfOp.get(op) ?? []), name]);
  }
  return [...nodesOfOp].map(
    ([op, nodes]) =>
      `the op ${op} (${nodes.join(", ")}) is unknown to tfjs; register it with tf.registerOp and export through the API`,
  );
}

/**
 * The category that tfjs found for each node: `undefined` for an op it does not know. It keeps them in a private field and
 * publishes no list of its ops; should the field move, nothing is listed here and tfjs fails at the first such op.
 */
function opCategories(model: GraphModel): ReadonlyMap<string, unknown> {
  const executor: unknown = Reflect.get(model, "executor");
  const graph = isRecord(executor) ? executor.graph : undefined;
  const nodes = isRecord(graph) && isRecord(graph.nodes) ? graph.nodes : {};
  return new Map(
    Object.entries(nodes).map(([name, node]) => [name, isRecord(node) ? node.category : undefined]),
  );
}

/** Looks through a GraphDef, as JSON, for what tfjs would trip over one at a time. */
import { isRecord } from "../record.ts";

/** A node as the checks need it. `inputs` are node names, without output index and control mark. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  /** Normalizes by the statistics of the batch, which tfjs does not: it reads moving ones that such a node lacks. */
  readonly isTraining: boolean;
}

/** Nodes of a topology by name; malformed ones are left out, and told. */
export function readGraphNodes(
  topology: Readonly<Record<string, unknown>>,
  issues: string[],
): ReadonlyMap<string, GraphNode> {
  const nodes = new Map<string, GraphNode>();
  for (const [at, node] of (Array.isArray(topology.node) ? topology.node : []).entries()) {
    if (!isRecord(node) || typeof node.name !== "string" || typeof node.op !== "string") {
      issues.push(`node ${at} of the graph has no "name" and "op"`);
      continue;
    }
    const inputs = Array.isArray(node.input) ? node.input.filter((name) => typeof name === "string") : [];
    const attr = isRecord(node.attr) ? node.attr : {};
    const isTraining = isRecord(attr.is_training) && attr.is_training.b === true;
    nodes.set(node.name, { name: node.name, op: node.op, inputs: inputs.map(nodeNameOf), isTraining });
  }
  return nodes;
}

/** Nodes that read or return what is not there, constants without a value, nodes in training mode. One line each. */
export function checkGraph(
  nodes: ReadonlyMap<string, GraphNode>,
  signature: unknown,
  weightNames: ReadonlySet<string>,
): readonly string[] {
  const issues: string[] = [];
  for (const { name, op, inputs, isTraining } of nodes.values()) {
    if (op === "Const" && !weightNames.has(name))
      issues.push(`the constant "${name}" of the graph has no weight in "weightsManifest"`);
    if (isTraining)
      issues.push(
        `node "${name}" (${op}) normalizes by the statistics of its batch, for which tfjs gives NaN; save the model for ` +
          "inference (a Keras LayerNormalization: with an epsilon under 1e-5, which keeps TensorFlow from this op)",
      );
    for (const input of inputs)
      if (!nodes.has(input)) issues.push(`node "${name}" (${op}) reads "${input}", which the graph lacks`);
  }
  for (const [side, name] of signatureNodes(signature))
    if (!nodes.has(name)) issues.push(`the signature's ${side} "${name}" is no node of the graph`);
  return issues;
}

/** Nodes that the outputs need, directly or not. */
export function nodesBehind(
  nodes: ReadonlyMap<string, GraphNode>,
  outputs: readonly string[],
): readonly GraphNode[] {
  const found = new Set<GraphNode>();
  const waiting = [...outputs];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = nodes.get(nodeNameOf(name));
    if (node === undefined || found.has(node)) continue;
    found.add(node);
    waiting.push(...node.inputs);
  }
  return [...found];
}

function signatureNodes(signature: unknown): readonly (readonly [side: string, name: string])[] {
  if (!isRecord(signature)) return [];
  return (["inputs", "outputs"] as const).flatMap((key) => {
    const side = signature[key];
    return Object.values(isRecord(side) ? side : {}).flatMap((info) =>
      // What the model's initializer makes (tables) enters the signature without a node of its own.
      isRecord(info) && typeof info.name === "string" && info.resourceId === undefined
        ? [[key.slice(0, -1), nodeNameOf(info.name)] as const]
        : [],
    );
  });
}

/** `^name` is a control edge, `name:1` an output of the node. */
function nodeNameOf(reference: string): string {
  return reference.replace(/^\^/, "").split(":")[0]!;
}

/** Types of a finished model's values. */
import { unifyDims } from "../dims.ts";
import type { Graph, Model, Node } from "../model.ts";
import { findOp, hasOp } from "../ops/index.ts";
import { type Inference, inferNode } from "../ops/infer-node.ts";
import { typeOfConstant } from "../ops/values.ts";
import { createTypeScope, type TypeScope } from "./type-scope.ts";

/** Types of a node's outputs from the types so far, and what is wrong with it. */
export function inferGraphNode(model: Model, node: Node, types: TypeScope): Inference {
  const domain = node.domain || "ai.onnx";
  const opset = Object.hasOwn(model.opsets, node.domain) ? model.opsets[node.domain] : undefined;
  if (opset === undefined) return { issues: [`domain ${domain} is not imported`], outputs: [] };
  const definition = findOp(node.domain, node.op, opset);
  if (definition === undefined) {
    const known = hasOp(node.domain, node.op);
    const reason = known
      ? `not supported in opset ${opset} of ${domain}`
      : `${domain} ${node.op} is not on the list of ops`;
    return { issues: [reason], outputs: [] };
  }
  return inferNode(definition, {
    inputs: node.inputs.map((name) => (name === "" ? undefined : (types.get(name) ?? {}))),
    outputCount: node.outputs.length,
    attributes: node.attributes,
    opset,
  });
}

/**
 * What inference knows of every value of a graph, by name. Nodes with problems have outputs of unknown type; the
 * problems are `checkModel`'s to tell.
 *
 * @param graph - the model's, or a body in it.
 * @param outer - types around a body.
 */
export function inferTypes(model: Model, graph: Graph = model.graph, outer?: TypeScope): TypeScope {
  const types = createTypeScope(outer);
  for (const { name, dtype, dims } of graph.inputs) types.set(name, { dtype, dims });
  for (const [name, tensor] of graph.initializers) types.set(name, typeOfConstant(tensor));
  for (const node of graph.nodes) {
    const { outputs } = inferGraphNode(model, node, types);
    node.outputs.forEach((name, index) => {
      if (name !== "") types.set(name, outputs[index] ?? {});
    });
  }
  for (const { name, dtype, dims } of graph.outputs) {
    // Names of dims that only the declaration knows.
    const known = types.get(name);
    types.set(name, { ...known, dtype: known?.dtype ?? dtype, dims: unifyDims(known?.dims, dims).dims });
  }
  return types;
}

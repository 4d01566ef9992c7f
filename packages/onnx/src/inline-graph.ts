/** Graphs out of graphs: a finished one, built anew as a part of another. */
import { AttuneError } from "@attune/contracts";
import type { AttributeInput, GraphBuilder } from "./builder.ts";
import { unifyDims } from "./dims.ts";
import type { Attribute, Graph, Node, Value } from "./model.ts";

/**
 * Builds the nodes and constants of a finished graph anew where `builder` writes: in another model, under a scope, in
 * the body of a Loop. A training step becomes many in one call this way.
 *
 * @param inputs - a value for each input of the graph, by the input's name.
 * @returns the graph's outputs by name. Their dims are inferred from the values given.
 * @throws {AttuneError} `ONNX_BUILD` with every input that is missing or does not fit; with the problems of a node that
 * the builder's opset does not have in this form.
 */
export function inlineGraph(
  builder: GraphBuilder,
  graph: Graph,
  inputs: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const issues = (graph.foreign ?? []).map(
    ({ kind, name, description }) => `${kind} ${name} is ${description}, which is not supported`,
  );
  const values = new Map<string, Value>();
  for (const { name, dtype, dims } of graph.inputs) {
    const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (value === undefined) issues.push(`input ${name} is missing`);
    else {
      const { issue } = unifyDims(value.dims, dims);
      if (value.dtype !== dtype) issues.push(`input ${name} is ${value.dtype}, not ${dtype}`);
      if (issue !== undefined) issues.push(`input ${name}: ${issue}`);
      values.set(name, value);
    }
  }
  if (issues.length > 0) throw new AttuneError("ONNX_BUILD", { node: `graph ${graph.name}`, issues });
  return addGraph(builder, graph, values);
}

/** @param values - by the graph's names; those of the graph are added. */
function addGraph(builder: GraphBuilder, graph: Graph, values: Map<string, Value>): Record<string, Value> {
  for (const [name, tensor] of graph.initializers) values.set(name, builder.constant(name, tensor));
  for (const node of graph.nodes) addNode(builder, node, values);
  return Object.fromEntries(graph.outputs.map(({ name }) => [name, find(values, graph.name, name)]));
}

function addNode(builder: GraphBuilder, node: Node, values: Map<string, Value>): void {
  const inputs = node.inputs.map((name) => (name === "" ? undefined : find(values, node.name, name)));
  const attributes = Object.entries(node.attributes).map(
    ([name, attribute]) => [name, inputOf(builder, node, attribute, values)] as const,
  );
  const outputs = builder.nodes(node.op, inputs, node.outputs.length, {
    attributes: Object.fromEntries(attributes),
    ...(node.name !== "" && { name: node.name }),
  });
  for (const [index, value] of outputs.entries()) values.set(node.outputs[index] ?? "", value);
}

/** The attribute as the builder takes it; a body is built anew too, among the values around it. */
function inputOf(
  builder: GraphBuilder,
  node: Node,
  attribute: Attribute,
  values: ReadonlyMap<string, Value>,
): AttributeInput {
  if (attribute.type === "opaque") {
    throw new AttuneError("ONNX_BUILD", { node: node.name, issues: [`${attribute.value} is not supported`] });
  }
  if (attribute.type !== "graph") return attribute.value;
  const graph = attribute.value;
  return builder.subgraph(graph.name, (body) => {
    const inner = new Map(values);
    for (const { name, dtype, dims } of graph.inputs) inner.set(name, body.input(name, dtype, dims));
    for (const [name, value] of Object.entries(addGraph(body, graph, inner))) body.output(name, value);
  });
}

function find(values: ReadonlyMap<string, Value>, what: string, name: string): Value {
  const value = values.get(name);
  if (value === undefined)
    throw new AttuneError("ONNX_BUILD", { node: what, issues: [`${name} comes from nowhere`] });
  return value;
}

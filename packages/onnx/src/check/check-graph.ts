/** The rules of a graph: names, order, ops, types, tensors. */
import type { Tensor, ValueInfo } from "@attune/contracts";
import { formatDims, unifyDims } from "../dims.ts";
import type { Attribute, Graph, Model } from "../model.ts";
import { typeOfConstant } from "../ops/values.ts";
import { checkTensor } from "../tensor.ts";
import { inferGraphNode } from "./infer-types.ts";
import { createTypeScope, type TypeScope } from "./type-scope.ts";

/** A graph with what it can see: nothing outside for a model's, the graphs around it for a body. */
interface Scope {
  readonly model: Model;
  readonly graph: Graph;
  readonly types: TypeScope;
  /** Names that something reads, in this graph or in a body. */
  readonly used: Set<string>;
  /** Whether a name will be given a value further on. */
  isLater(name: string): boolean;
}

/** All issues of a model's graph. */
export function checkGraph(model: Model): readonly string[] {
  const { graph } = model;
  return checkScope({
    model,
    graph,
    types: createTypeScope(),
    used: new Set(),
    isLater: laterNames(graph),
  });
}

function laterNames({ nodes }: Graph): (name: string) => boolean {
  const names = new Set(nodes.flatMap((node) => node.outputs));
  return (name) => names.has(name);
}

function checkScope(scope: Scope): readonly string[] {
  const { graph, types, used } = scope;
  const issues = (graph.foreign ?? []).map(
    ({ kind, name, description }) => `${kind} ${name}: ${description} is not supported`,
  );
  for (const { name, kind } of graph.foreign ?? []) {
    if (kind === "input" || kind === "initializer") types.set(name, {});
  }
  for (const input of graph.inputs) {
    if (types.has(input.name)) issues.push(`input ${input.name}: the name is used twice`);
    types.set(input.name, { dtype: input.dtype, dims: input.dims });
  }
  for (const [name, tensor] of graph.initializers) {
    // An initializer of an input's name is that input's default value: legal, but nothing we write.
    if (types.has(name)) issues.push(`initializer ${name}: the name is used twice`);
    types.set(name, typeOfConstant(tensor));
    issues.push(...tensorIssues(tensor).map((issue) => `initializer ${name}: ${issue}`));
  }
  const nodeIssues = checkNodes(scope);
  const outputIssues = checkOutputs(graph.outputs, types, used);
  const unused = Array.from(graph.initializers.keys()).filter((name) => !used.has(name));
  return issues.concat(
    nodeIssues,
    outputIssues,
    unused.map((name) => `initializer ${name} is not used`),
  );
}

function tensorIssues(tensor: Tensor): readonly string[] {
  const issues = [...checkTensor(tensor)];
  // ONNX Runtime cuts strings at U+0000, so such a string would never match.
  if (tensor.dtype === "string" && tensor.data.some((text) => text.includes("\0"))) {
    issues.push("a string holds U+0000");
  }
  return issues;
}

function checkNodes(scope: Scope): string[] {
  const { model, graph, types, used, isLater } = scope;
  const issues: string[] = [];
  const names = new Set<string>();
  graph.nodes.forEach((node, index) => {
    const where = `node ${node.name || `#${index}`} (${node.op})`;
    const own: string[] = [];
    if (node.name !== "" && names.has(node.name)) own.push("the node name is used twice");
    names.add(node.name);
    for (const name of new Set(node.inputs)) {
      used.add(name);
      if (name === "" || types.has(name)) continue;
      own.push(isLater(name) ? `input ${name} is computed only later` : `input ${name} comes from nowhere`);
    }
    for (const [name, attribute] of Object.entries(node.attributes)) {
      for (const issue of attributeIssues(scope, attribute)) own.push(`attribute ${name}: ${issue}`);
    }
    const inference = inferGraphNode(model, node, types);
    for (const issue of inference.issues) own.push(issue);
    node.outputs.forEach((name, at) => {
      if (name === "") return;
      if (types.has(name)) own.push(`output ${name} is assigned twice`);
      types.set(name, inference.outputs[at] ?? {});
    });
    for (const issue of own) issues.push(`${where}: ${issue}`);
  });
  return issues;
}

function attributeIssues(scope: Scope, attribute: Attribute): readonly string[] {
  if (attribute.type === "tensor") return tensorIssues(attribute.value);
  if (attribute.type !== "graph") return [];
  const isLater = laterNames(attribute.value);
  return checkScope({
    ...scope,
    graph: attribute.value,
    types: createTypeScope(scope.types),
    isLater: (name) => isLater(name) || scope.isLater(name),
  });
}

function checkOutputs(outputs: readonly ValueInfo[], types: TypeScope, used: Set<string>): string[] {
  const issues: string[] = outputs.length === 0 ? ["the graph has no outputs"] : [];
  const names = new Set<string>();
  for (const { name, dtype, dims } of outputs) {
    used.add(name);
    const type = types.get(name);
    if (names.has(name)) issues.push(`output ${name}: the name is used twice`);
    names.add(name);
    if (type === undefined) {
      issues.push(`output ${name} is not computed by any node`);
      continue;
    }
    if (type.dtype !== undefined && type.dtype !== dtype) {
      issues.push(`output ${name} is declared ${dtype}, the graph gives ${type.dtype}`);
    }
    if (unifyDims(type.dims, dims).issue !== undefined) {
      issues.push(`output ${name} is declared ${formatDims(dims)}, the graph gives ${formatDims(type.dims)}`);
    }
  }
  return issues;
}

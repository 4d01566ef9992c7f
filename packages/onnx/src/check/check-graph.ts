/** The rules of a graph: names, order, ops, types, tensors. */
import type { Tensor, ValueInfo } from "@attune/contracts";
import { formatDims, unifyDims } from "../dims.ts";
import type { Model } from "../model.ts";
import type { ValueType } from "../ops/define.ts";
import { typeOfConstant } from "../ops/values.ts";
import { checkTensor } from "../tensor.ts";
import { inferGraphNode } from "./infer-types.ts";

/** All issues of a model's graph. */
export function checkGraph(model: Model): readonly string[] {
  const { graph } = model;
  const issues = (graph.foreign ?? []).map(
    ({ kind, name, description }) => `${kind} ${name}: ${description} is not supported`,
  );
  const types = new Map<string, ValueType>();
  for (const { name, kind } of graph.foreign ?? []) {
    if (kind === "input" || kind === "initializer") types.set(name, {});
  }
  const used = new Set<string>();
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
  const nodeIssues = checkNodes(model, types, used);
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

function checkNodes(model: Model, types: Map<string, ValueType>, used: Set<string>): string[] {
  const issues: string[] = [];
  const names = new Set<string>();
  const later = new Set(model.graph.nodes.flatMap((node) => node.outputs));
  model.graph.nodes.forEach((node, index) => {
    const where = `node ${node.name || `#${index}`} (${node.op})`;
    const own: string[] = [];
    if (node.name !== "" && names.has(node.name)) own.push("the node name is used twice");
    names.add(node.name);
    for (const name of new Set(node.inputs)) {
      used.add(name);
      if (name === "" || types.has(name)) continue;
      own.push(later.has(name) ? `input ${name} is computed only later` : `input ${name} comes from nowhere`);
    }
    for (const [name, attribute] of Object.entries(node.attributes)) {
      if (attribute.type !== "tensor") continue;
      own.push(...tensorIssues(attribute.value).map((issue) => `attribute ${name}: ${issue}`));
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

function checkOutputs(
  outputs: readonly ValueInfo[],
  types: ReadonlyMap<string, ValueType>,
  used: Set<string>,
): string[] {
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

/** A model as text, in the spirit of the ONNX text format: for people and for diffs, not for parsing. */
import type { ValueInfo } from "@attune/contracts";
import { inferTypes } from "../check/infer-types.ts";
import type { TypeScope } from "../check/type-scope.ts";
import { formatDims } from "../dims.ts";
import { dataTypeOf } from "../element-type.ts";
import type { Attribute, Graph, Model, Node } from "../model.ts";
import { findOp } from "../ops/index.ts";
import { qualifiedOp } from "../proto/read-metadata.ts";
import { subgraphsOf } from "../subgraphs.ts";
import { formatTensor, quote } from "./format-tensor.ts";
import { scopeOf } from "./scope.ts";

/**
 * One line per input, output, constant and node, with dtypes and shapes as far as inference knows them; a heading
 * wherever the scope changes. The same model prints the same text.
 */
export function printModel(model: Model): string {
  const { graph } = model;
  const types = inferTypes(model);
  const opsets = Object.entries(model.opsets).map(([domain, version]) => `${domain || "ai.onnx"} ${version}`);
  const producer = [model.producer.name, model.producer.version].filter((word) => word !== "").join(" ");
  const lines = [
    `model ${graph.name} (IR ${model.irVersion}, ${opsets.join(", ")}${producer ? `, by ${producer}` : ""})`,
    ...Object.entries(model.metadata).map(([key, value]) => `  metadata ${key} = ${quote(value)}`),
    "",
    ...formatValues(graph),
    "",
    ...formatConstants(graph),
  ];
  let scope: string | undefined;
  for (const node of graph.nodes) {
    if (scopeOf(node.name) !== scope) {
      scope = scopeOf(node.name);
      lines.push("", `# ${scope || "(top)"}`);
    }
    for (const line of formatNode(model, node, types)) lines.push(line);
  }
  return `${lines.join("\n")}\n`;
}

function formatValues(graph: Graph): string[] {
  return [
    ...graph.inputs.map((value) => `input  ${formatValue(value)}`),
    ...graph.outputs.map((value) => `output ${formatValue(value)}`),
    ...(graph.foreign ?? []).map(({ kind, name, description }) => `foreign ${kind} ${name}: ${description}`),
  ];
}

function formatConstants({ initializers }: Graph): string[] {
  return Array.from(initializers, ([name, tensor]) => `const ${name} = ${formatTensor(tensor)}`);
}

function formatValue({ name, dtype, dims }: ValueInfo): string {
  return `${name}: ${dtype}${formatDims(dims)}`;
}

/** The node's line, and below it, indented, what its bodies hold. */
function formatNode(model: Model, node: Node, types: TypeScope): string[] {
  const outputs = node.outputs.map((name) => {
    const { dtype, dims } = types.get(name) ?? {};
    return name === "" ? "_" : `${name}: ${dtype ?? "?"}${formatDims(dims)}`;
  });
  const attributes = Object.entries(node.attributes).map(
    ([name, attribute]) => `${name}=${formatAttribute(model, node, name, attribute)}`,
  );
  const inputs = node.inputs.map((name) => name || "_");
  const line = `${outputs.join(", ")} = ${qualifiedOp(node.domain, node.op)}(${[...inputs, ...attributes].join(", ")})`;
  return [line, ...subgraphsOf(node).flatMap((body) => formatBody(model, body, types))];
}

function formatBody(model: Model, body: Graph, outer: TypeScope): string[] {
  const types = inferTypes(model, body, outer);
  const lines = [
    ...formatValues(body),
    ...formatConstants(body),
    ...body.nodes.flatMap((node) => formatNode(model, node, types)),
  ];
  return [`  graph ${body.name}`, ...lines.map((line) => `    ${line}`)];
}

function formatAttribute(model: Model, node: Node, name: string, attribute: Attribute): string {
  switch (attribute.type) {
    case "int": {
      const attributes = findOp(node.domain, node.op, model.opsets[node.domain] ?? 0)?.attributes;
      const isDtype = attributes?.[name]?.type === "dtype";
      return (isDtype && dataTypeOf(attribute.value)) || String(attribute.value);
    }
    case "float":
      return String(Number(attribute.value.toPrecision(7)));
    case "string":
      return quote(attribute.value);
    case "strings":
      return `[${attribute.value.map((text) => quote(text)).join(", ")}]`;
    case "ints":
    case "floats":
      return `[${attribute.value.join(", ")}]`;
    case "tensor":
      return formatTensor(attribute.value);
    case "graph":
      return attribute.value.name;
    case "opaque":
      return `<${attribute.value}>`;
  }
}

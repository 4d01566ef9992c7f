/** A model as ONNX bytes. The same model gives the same bytes. */
import { AttuneError, type Tensor, type ValueInfo } from "@attune/contracts";
import { elementCode } from "../element-type.ts";
import type { Attribute, Graph, Model, Node } from "../model.ts";
import { allGraphs } from "../subgraphs.ts";
import {
  attributeCode,
  attributeField,
  dimField,
  entryField,
  graphField,
  modelField,
  nodeField,
  opsetField,
  shapeField,
  tensorField,
  tensorTypeField,
  typeField,
  valueField,
} from "./fields.ts";
import { toRawData } from "./raw-data.ts";
import { encodeMessage, type WireWriter } from "./wire-writer.ts";

/**
 * Encodes a model as a self-contained ONNX file. Records are written sorted by key; weights as little-endian
 * `raw_data`, strings as `string_data`.
 *
 * @throws {AttuneError} `ONNX_INVALID` when the model holds parts of other tools that Attune only names.
 */
export function writeModel(model: Model): Uint8Array {
  const issues = findOpaque(model);
  if (issues.length > 0) throw new AttuneError("ONNX_INVALID", { source: model.graph.name, issues });
  return encodeMessage((out) => {
    out.int(modelField.irVersion, model.irVersion);
    out.string(modelField.producerName, model.producer.name);
    if (model.producer.version !== "") out.string(modelField.producerVersion, model.producer.version);
    out.message(modelField.graph, (graph) => writeGraph(graph, model.graph));
    for (const [domain, version] of sorted(model.opsets)) {
      out.message(modelField.opsetImport, (opset) => {
        opset.string(opsetField.domain, domain);
        opset.int(opsetField.version, version);
      });
    }
    for (const [key, value] of sorted(model.metadata)) {
      out.message(modelField.metadata, (entry) => {
        entry.string(entryField.key, key);
        entry.string(entryField.value, value);
      });
    }
  });
}

/** By code unit, so that the order does not depend on a locale. */
function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function findOpaque(model: Model): string[] {
  return Array.from(allGraphs(model.graph)).flatMap(({ nodes, foreign = [] }) => {
    const parts = foreign.map(({ kind, name, description }) => `${kind} ${name}: ${description}`);
    const attributes = nodes.flatMap((node) =>
      Object.entries(node.attributes).flatMap(([name, attribute]) =>
        attribute.type === "opaque" ? [`attribute ${name} of node ${node.name}: ${attribute.value}`] : [],
      ),
    );
    return [...parts, ...attributes].map((part) => `${part} cannot be written`);
  });
}

function writeGraph(out: WireWriter, graph: Graph): void {
  for (const node of graph.nodes) out.message(graphField.node, (inner) => writeNode(inner, node));
  out.string(graphField.name, graph.name);
  for (const [name, tensor] of graph.initializers) {
    out.message(graphField.initializer, (inner) => writeTensor(inner, tensor, name));
  }
  for (const input of graph.inputs) out.message(graphField.input, (inner) => writeValue(inner, input));
  for (const output of graph.outputs) out.message(graphField.output, (inner) => writeValue(inner, output));
}

function writeNode(out: WireWriter, node: Node): void {
  for (const name of node.inputs) out.string(nodeField.input, name);
  for (const name of node.outputs) out.string(nodeField.output, name);
  if (node.name !== "") out.string(nodeField.name, node.name);
  out.string(nodeField.op, node.op);
  for (const [name, attribute] of sorted(node.attributes)) {
    out.message(nodeField.attribute, (inner) => writeAttribute(inner, name, attribute));
  }
  if (node.domain !== "") out.string(nodeField.domain, node.domain);
}

function writeAttribute(out: WireWriter, name: string, attribute: Attribute): void {
  out.string(attributeField.name, name);
  switch (attribute.type) {
    case "int":
      out.int(attributeField.int, attribute.value);
      break;
    case "float":
      out.float(attributeField.float, attribute.value);
      break;
    case "string":
      out.string(attributeField.string, attribute.value);
      break;
    case "tensor":
      out.message(attributeField.tensor, (inner) => writeTensor(inner, attribute.value, ""));
      break;
    case "graph":
      out.message(attributeField.graph, (inner) => writeGraph(inner, attribute.value));
      break;
    case "ints":
      for (const value of attribute.value) out.int(attributeField.ints, value);
      break;
    case "floats":
      for (const value of attribute.value) out.float(attributeField.floats, value);
      break;
    case "strings":
      for (const value of attribute.value) out.string(attributeField.strings, value);
      break;
    case "opaque":
      return;
  }
  out.int(attributeField.type, attributeCode[attribute.type]);
}

function writeTensor(out: WireWriter, tensor: Tensor, name: string): void {
  for (const dim of tensor.dims) out.int(tensorField.dims, dim);
  out.int(tensorField.dataType, elementCode[tensor.dtype]);
  if (tensor.dtype === "string") {
    for (const text of tensor.data) out.string(tensorField.stringData, text);
  }
  if (name !== "") out.string(tensorField.name, name);
  if (tensor.dtype !== "string") out.bytes(tensorField.rawData, toRawData(tensor));
}

function writeValue(out: WireWriter, value: ValueInfo): void {
  out.string(valueField.name, value.name);
  out.message(valueField.type, (type) =>
    type.message(typeField.tensor, (tensor) => {
      tensor.int(tensorTypeField.elementType, elementCode[value.dtype]);
      tensor.message(tensorTypeField.shape, (shape) => {
        for (const dim of value.dims) {
          shape.message(shapeField.dim, (inner) => {
            if (typeof dim === "number") inner.int(dimField.value, dim);
            else if (dim !== undefined) inner.string(dimField.symbol, dim);
          });
        }
      });
    }),
  );
}

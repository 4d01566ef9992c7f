/** GraphProto and NodeProto: the graph of a model, and the bodies inside it. */
import type { Tensor, ValueInfo } from "@attune/contracts";
import type { Attribute, ForeignPart, Graph, Node } from "../model.ts";
import { maxNesting } from "../subgraphs.ts";
import { graphField, nodeField } from "./fields.ts";
import { readAttribute } from "./read-attribute.ts";
import { decodeTensor, readTensorRecord } from "./read-tensor.ts";
import { readValue } from "./read-value.ts";
import { failParse, readMessage, readString, type WireField } from "./wire-reader.ts";

/** @param depth - how many graphs it lies in. */
export function readGraph(message: WireField, depth = 0): Graph {
  if (depth > maxNesting)
    failParse(message, message.start, `graphs lie deeper than ${maxNesting} in each other`);
  let name = "";
  const nodes: Node[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const initializers = new Map<string, Tensor>();
  const foreign: ForeignPart[] = [];
  readMessage(message, (field) => {
    if (field.number === graphField.name) name = readString(field);
    else if (field.number === graphField.node) nodes.push(readNode(field, depth));
    else if (field.number === graphField.initializer) readInitializer(field, initializers, foreign);
    else if (field.number === graphField.sparseInitializer) {
      foreign.push(
        part("initializer", `(sparse #${foreign.length})`, "a sparse tensor", field.end - field.start),
      );
    } else if (field.number === graphField.input || field.number === graphField.output) {
      const kind = field.number === graphField.input ? "input" : "output";
      const value = readValue(field);
      if ("description" in value) foreign.push(part(kind, value.name, value.description, 0));
      else (kind === "input" ? inputs : outputs).push(value);
    }
  });
  const graph = { name, nodes, inputs, outputs, initializers };
  return foreign.length > 0 ? { ...graph, foreign } : graph;
}

function part(kind: ForeignPart["kind"], name: string, description: string, byteLength: number): ForeignPart {
  return { kind, name, description, byteLength };
}

function readInitializer(field: WireField, initializers: Map<string, Tensor>, foreign: ForeignPart[]): void {
  const record = readTensorRecord(field);
  if (initializers.has(record.name))
    failParse(field, field.start, `two initializers are named "${record.name}"`);
  const tensor = decodeTensor(record);
  if (typeof tensor === "string") foreign.push(part("initializer", record.name, tensor, record.byteLength));
  else initializers.set(record.name, tensor);
}

function readNode(message: WireField, depth: number): Node {
  let name = "";
  let op = "";
  let domain = "";
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: [string, Attribute][] = [];
  const readBody = (field: WireField) => readGraph(field, depth + 1);
  readMessage(message, (field) => {
    if (field.number === nodeField.input) inputs.push(readString(field));
    else if (field.number === nodeField.output) outputs.push(readString(field));
    else if (field.number === nodeField.name) name = readString(field);
    else if (field.number === nodeField.op) op = readString(field);
    else if (field.number === nodeField.domain) domain = readString(field);
    else if (field.number === nodeField.attribute) attributes.push(readAttribute(field, readBody));
  });
  // Both names mean the default domain.
  const home = domain === "ai.onnx" ? "" : domain;
  return { name, op, domain: home, inputs, outputs, attributes: Object.fromEntries(attributes) };
}

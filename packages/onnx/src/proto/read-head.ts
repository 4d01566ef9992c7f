/** ModelProto without its graph: versions, producer, metadata, and where the graph lies. */
import type { ForeignPart, Model } from "../model.ts";
import { entryField, modelField, opsetField } from "./fields.ts";
import {
  failParse,
  readFields,
  readInt,
  readMessage,
  readString,
  type WireField,
  type WireSpan,
} from "./wire-reader.ts";

export interface ModelHead extends Omit<Model, "graph"> {
  readonly graph: WireField;
  /** Model-local functions, by name only. */
  readonly functions: readonly ForeignPart[];
}

/** Field numbers of FunctionProto. */
const functionName = 1;

/** @throws {AttuneError} `ONNX_PARSE` when the bytes are no protobuf, or one without a graph or IR version. */
export function readModelHead(span: WireSpan): ModelHead {
  let irVersion = 0;
  const producer = { name: "", version: "" };
  let graph: WireField | undefined;
  const opsets: [string, number][] = [];
  const metadata: [string, string][] = [];
  const functions: ForeignPart[] = [];
  readFields(span, (field) => {
    if (field.number === modelField.irVersion) irVersion = readInt(field);
    else if (field.number === modelField.producerName) producer.name = readString(field);
    else if (field.number === modelField.producerVersion) producer.version = readString(field);
    else if (field.number === modelField.graph) graph = field;
    else if (field.number === modelField.opsetImport) opsets.push(readOpset(field));
    else if (field.number === modelField.metadata) metadata.push(readEntry(field));
    else if (field.number === modelField.functions) functions.push(readFunction(field));
  });
  if (graph === undefined) failParse(span, span.end, "there is no graph");
  if (irVersion < 1) failParse(span, span.end, "there is no IR version");
  return {
    irVersion,
    producer,
    graph,
    opsets: Object.fromEntries(opsets),
    metadata: Object.fromEntries(metadata),
    functions,
  };
}

function readOpset(message: WireField): [string, number] {
  let domain = "";
  let version = 0;
  readMessage(message, (field) => {
    if (field.number === opsetField.domain) domain = readString(field);
    else if (field.number === opsetField.version) version = readInt(field);
  });
  return [domain === "ai.onnx" ? "" : domain, version];
}

function readEntry(message: WireField): [string, string] {
  let key = "";
  let value = "";
  readMessage(message, (field) => {
    if (field.number === entryField.key) key = readString(field);
    else if (field.number === entryField.value) value = readString(field);
  });
  return [key, value];
}

function readFunction(message: WireField): ForeignPart {
  let name = "";
  readMessage(message, (field) => {
    if (field.number === functionName) name = readString(field);
  });
  return {
    kind: "function",
    name,
    description: "a function of the model",
    byteLength: message.end - message.start,
  };
}

/** What a file says of itself, without decoding its weights: quick on files of any size. */
import type { ValueInfo } from "@attune/contracts";
import type { ForeignPart, Model } from "../model.ts";
import { maxNesting } from "../subgraphs.ts";
import { attributeField, graphField, nodeField } from "./fields.ts";
import { readModelHead } from "./read-head.ts";
import type { ReadOptions } from "./read-model.ts";
import { readTensorRecord } from "./read-tensor.ts";
import { readValue } from "./read-value.ts";
import { failParse, readMessage, readString, type WireField } from "./wire-reader.ts";

export interface ModelMetadata extends Omit<Model, "graph"> {
  readonly graphName: string;
  /** Those with a dtype and rank that Attune has; others are in `foreign`. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Inputs, outputs and functions that Attune can only name. */
  readonly foreign: readonly ForeignPart[];
  /** Those in bodies of If, Loop and Scan included; so are ops and initializers. */
  readonly nodeCount: number;
  /** Op → nodes, by name; ops of other domains as `ai.onnx.ml.LabelEncoder`. */
  readonly opCounts: Readonly<Record<string, number>>;
  readonly initializerCount: number;
  /** Bytes of all initializers' data inside the file. */
  readonly initializerBytes: number;
}

/**
 * Reads producer, opsets, metadata, inputs, outputs and op counts.
 *
 * @param bytes - the whole file; its weights are stepped over.
 * @throws {AttuneError} `ONNX_PARSE` when the bytes are no ONNX file.
 */
export function readMetadata(bytes: Uint8Array, options: ReadOptions = {}): ModelMetadata {
  const { source = "the model" } = options;
  const { graph, functions, ...head } = readModelHead({ bytes, start: 0, end: bytes.length, source });
  const summary = readSummary(graph);
  return {
    ...head,
    graphName: summary.name,
    inputs: summary.inputs,
    outputs: summary.outputs,
    foreign: [...functions, ...summary.foreign],
    nodeCount: summary.ops.length,
    opCounts: countNames(summary.ops),
    initializerCount: summary.initializerCount,
    initializerBytes: summary.initializerBytes,
  };
}

/** What is counted of a graph, and of the bodies in it. */
interface Summary {
  name: string;
  readonly ops: string[];
  initializerCount: number;
  initializerBytes: number;
  readonly inputs: ValueInfo[];
  readonly outputs: ValueInfo[];
  readonly foreign: ForeignPart[];
}

function readSummary(graph: WireField): Summary {
  const summary: Summary = {
    name: "",
    ops: [],
    initializerCount: 0,
    initializerBytes: 0,
    inputs: [],
    outputs: [],
    foreign: [],
  };
  readMessage(graph, (field) => {
    if (field.number === graphField.name) summary.name = readString(field);
    else if (field.number === graphField.input || field.number === graphField.output) {
      const kind = field.number === graphField.input ? "input" : "output";
      const value = readValue(field);
      if ("description" in value) summary.foreign.push({ kind, byteLength: 0, ...value });
      else (kind === "input" ? summary.inputs : summary.outputs).push(value);
    }
  });
  countParts(graph, summary, 0);
  return summary;
}

/** Nodes and initializers, those of bodies too. */
function countParts(graph: WireField, summary: Summary, depth: number): void {
  if (depth > maxNesting) failParse(graph, graph.start, `graphs lie deeper than ${maxNesting} in each other`);
  readMessage(graph, (field) => {
    if (field.number === graphField.node) summary.ops.push(readOp(field, summary, depth));
    else if (field.number === graphField.initializer) {
      summary.initializerCount++;
      summary.initializerBytes += readTensorRecord(field).byteLength;
    }
  });
}

function readOp(message: WireField, summary: Summary, depth: number): string {
  let op = "";
  let domain = "";
  readMessage(message, (field) => {
    if (field.number === nodeField.op) op = readString(field);
    else if (field.number === nodeField.domain) domain = readString(field);
    else if (field.number === nodeField.attribute) {
      readMessage(field, (inner) => {
        if (inner.number === attributeField.graph) countParts(inner, summary, depth + 1);
      });
    }
  });
  return qualifiedOp(domain === "ai.onnx" ? "" : domain, op);
}

/** `Add`, `ai.onnx.ml.LabelEncoder`. */
export function qualifiedOp(domain: string, op: string): string {
  return domain === "" ? op : `${domain}.${op}`;
}

/** Name → how often, sorted by name. */
export function countNames(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a file says of itself, without decoding its weights: quick on files of any size. */
import type { ValueInfo } from "@attune/contracts";
import type { ForeignPart, Model } from "../model.ts";
import { graphField, nodeField } from "./fields.ts";
import { readModelHead } from "./read-head.ts";
import type { ReadOptions } from "./read-model.ts";
import { readTensorRecord } from "./read-tensor.ts";
import { readValue } from "./read-value.ts";
import { readMessage, readString, type WireField } from "./wire-reader.ts";

export interface ModelMetadata extends Omit<Model, "graph"> {
  readonly graphName: string;
  /** Those with a dtype and rank that Attune has; others are in `foreign`. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Inputs, outputs and functions that Attune can only name. */
  readonly foreign: readonly ForeignPart[];
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
  let graphName = "";
  let initializerCount = 0;
  let initializerBytes = 0;
  const ops: string[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const foreign: ForeignPart[] = [...functions];
  readMessage(graph, (field) => {
    if (field.number === graphField.name) graphName = readString(field);
    else if (field.number === graphField.node) ops.push(readOp(field));
    else if (field.number === graphField.initializer) {
      initializerCount++;
      initializerBytes += readTensorRecord(field).byteLength;
    } else if (field.number === graphField.input || field.number === graphField.output) {
      const kind = field.number === graphField.input ? "input" : "output";
      const value = readValue(field);
      if ("description" in value) foreign.push({ kind, byteLength: 0, ...value });
      else (kind === "input" ? inputs : outputs).push(value);
    }
  });
  return {
    ...head,
    graphName,
    inputs,
    outputs,
    foreign,
    nodeCount: ops.length,
    opCounts: countNames(ops),
    initializerCount,
    initializerBytes,
  };
}

function readOp(message: WireField): string {
  let op = "";
  let domain = "";
  readMessage(message, (field) => {
    if (field.number === nodeField.op) op = readString(field);
    else if (field.number === nodeField.domain) domain = readString(field);
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

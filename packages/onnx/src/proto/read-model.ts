/** ONNX bytes as a model. */
import type { Model } from "../model.ts";
import { readGraph } from "./read-graph.ts";
import { readModelHead } from "./read-head.ts";

export interface ReadOptions {
  /** File or artifact, for messages. Default `"the model"`. */
  readonly source?: string;
}

/**
 * Decodes an ONNX file, also one of another tool. Data that Attune does not compute with (float16, external files,
 * functions, …) is kept as `graph.foreign` and `opaque` attributes; unknown fields are skipped. Whether the model
 * is sound is for `checkModel` to say.
 *
 * @param bytes - the whole file. Tensors are copied out of it.
 * @throws {AttuneError} `ONNX_PARSE` when the bytes are no ONNX file.
 */
export function readModel(bytes: Uint8Array, options: ReadOptions = {}): Model {
  const { source = "the model" } = options;
  const head = readModelHead({ bytes, start: 0, end: bytes.length, source });
  const { irVersion, producer, opsets, metadata } = head;
  const graph = readGraph(head.graph);
  const foreign = [...head.functions, ...(graph.foreign ?? [])];
  return {
    irVersion,
    producer,
    opsets,
    graph: foreign.length > 0 ? { ...graph, foreign } : graph,
    metadata,
  };
}

/** Build, read, check and print ONNX graphs. Knows protobuf, knows no ML framework. */

// Build
export type {
  AttributeInput,
  BuildOptions,
  GraphBuilder,
  GraphOptions,
  NodeOptions,
  Subgraph,
} from "./builder.ts";
// Check
export { assertModel, checkModel } from "./check/check-model.ts";
export { findNonFinite, type NonFinite } from "./check/non-finite.ts";
export { createGraph } from "./create-graph.ts";
export { inlineGraph } from "./inline-graph.ts";
// Model as data
export type { Attribute, ForeignPart, Graph, Model, Node, Value } from "./model.ts";
// The op list
export type {
  AttributeDefinition,
  AttributeType,
  Domain,
  InferContext,
  OpDefinition,
  Parameter,
  ValueType,
} from "./ops/define.ts";
export { findOp, opFamilies, ops, opsetRange } from "./ops/index.ts";
export { opsTable } from "./ops/table.ts";
// Print
export { printModel } from "./print/print-model.ts";
export { type ModelSummary, type ScopeSummary, summarizeModel } from "./print/summarize-model.ts";
// Read and write
export { type ModelMetadata, readMetadata } from "./proto/read-metadata.ts";
export { type ReadOptions, readModel } from "./proto/read-model.ts";
export { writeModel } from "./proto/write-model.ts";
export { allGraphs } from "./subgraphs.ts";
export { boolTensor, float32Tensor, int32Tensor, int64Tensor, stringTensor } from "./tensor.ts";

/** Build, read, check and print ONNX graphs. Knows protobuf, knows no ML framework. */

// Build
export type { AttributeInput, BuildOptions, GraphBuilder, GraphOptions, NodeOptions } from "./builder.ts";
// Check
export { assertModel, checkModel } from "./check/check-model.ts";
export { createGraph } from "./create-graph.ts";
// Model as data
export type { Attribute, ForeignPart, Graph, Model, Node, Value } from "./model.ts";
// Write
export { writeModel } from "./proto/write-model.ts";
// Constants
export { boolTensor, float32Tensor, int32Tensor, int64Tensor, stringTensor } from "./tensor.ts";

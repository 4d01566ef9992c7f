/** Build, read, check and print ONNX graphs. Knows protobuf, knows no ML framework. */
export type { AttributeInput, BuildOptions, GraphBuilder, NodeOptions } from "./builder.ts";
export type { Attribute, Graph, Model, Node, Value } from "./model.ts";

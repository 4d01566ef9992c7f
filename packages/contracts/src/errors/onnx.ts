import { bullets } from "./list.ts";

export const onnxErrors = {
  /** The graph under construction is wrong: names, dtypes or shapes. */
  ONNX_BUILD: (d: { node: string; issues: readonly string[] }) => `cannot add ${d.node}:${bullets(d.issues)}`,
  /** A finished model breaks a rule. Every broken rule is listed. */
  ONNX_INVALID: (d: { source: string; issues: readonly string[] }) =>
    `${d.source} is not a model Attune will load:${bullets(d.issues)}`,
  /** The bytes are no ONNX protobuf. */
  ONNX_PARSE: (d: { source: string; byteOffset: number; reason: string }) =>
    `${d.source} is not an ONNX file (byte ${d.byteOffset}: ${d.reason})`,
};

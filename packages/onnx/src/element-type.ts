/** The element types of ONNX: codes, names and sizes. Attune computes with six of them and can name the rest. */
import type { DataType } from "@attune/contracts";

/** Attune's dtype → `TensorProto.DataType` code. */
export const elementCode = {
  float32: 1,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float64: 11,
} as const satisfies Record<DataType, number>;

/** Every dtype, in a fixed order. */
export const dataTypes = [
  "float32",
  "float64",
  "int32",
  "int64",
  "bool",
  "string",
] as const satisfies readonly DataType[];

/** Bytes of one element as `raw_data` holds it; strings have no raw form. */
export const elementBytes = {
  float32: 4,
  float64: 8,
  int32: 4,
  int64: 8,
  bool: 1,
  string: 0,
} as const satisfies Record<DataType, number>;

/** Names of all codes, for models of other tools. */
const elementNames: Readonly<Record<number, string>> = {
  1: "float32",
  2: "uint8",
  3: "int8",
  4: "uint16",
  5: "int16",
  6: "int32",
  7: "int64",
  8: "string",
  9: "bool",
  10: "float16",
  11: "float64",
  12: "uint32",
  13: "uint64",
  14: "complex64",
  15: "complex128",
  16: "bfloat16",
  17: "float8e4m3fn",
  18: "float8e4m3fnuz",
  19: "float8e5m2",
  20: "float8e5m2fnuz",
  21: "uint4",
  22: "int4",
  23: "float4e2m1",
};

/** `"float16"` for 10; `"type 99"` for a code that ONNX does not have. */
export function elementName(code: number): string {
  return elementNames[code] ?? `type ${code}`;
}

/** The dtype of a code, or `undefined` when Attune does not compute with it. */
export function dataTypeOf(code: number): DataType | undefined {
  return dataTypes.find((dtype) => elementCode[dtype] === code);
}

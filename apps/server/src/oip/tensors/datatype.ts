/** Datatypes of the protocol, and which of them a graph of ours has. */
import type { DataType } from "@attune/contracts";

/** All names of the protocol, with bytes an element in the binary extension; those of BYTES say their own length. */
export const elementBytes = {
  BOOL: 1,
  UINT8: 1,
  UINT16: 2,
  UINT32: 4,
  UINT64: 8,
  INT8: 1,
  INT16: 2,
  INT32: 4,
  INT64: 8,
  FP16: 2,
  FP32: 4,
  FP64: 8,
  BYTES: undefined,
} as const;

export type Datatype = keyof typeof elementBytes;

/** Total: a type that a graph can declare has a name on the wire. */
export const datatypeOf = {
  float32: "FP32",
  float64: "FP64",
  int32: "INT32",
  int64: "INT64",
  bool: "BOOL",
  string: "BYTES",
} as const satisfies Readonly<Record<DataType, Datatype>>;

export function isDatatype(value: unknown): value is Datatype {
  return typeof value === "string" && Object.hasOwn(elementBytes, value);
}

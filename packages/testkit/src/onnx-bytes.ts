/**
 * ONNX files by hand, in the few words the test models need. Independent of `@attune/onnx` on purpose:
 * a fault of the builder must not hide a fault of a runtime, or the other way round.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 for the field numbers.
 */
import type { DataType, Dim, Tensor } from "@attune/contracts";

/** An attribute: numbers are ints. */
export type RawAttribute = number | string | readonly number[] | readonly string[] | Tensor;

export interface RawNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, RawAttribute>>;
  readonly domain?: string;
}

interface RawValue {
  readonly name: string;
  readonly dtype: RawDataType;
  readonly dims: readonly Dim[];
}

export interface RawGraph {
  readonly inputs: readonly RawValue[];
  readonly outputs: readonly RawValue[];
  readonly nodes: readonly RawNode[];
  readonly constants?: Readonly<Record<string, Tensor>>;
}

/** Beside our own dtypes, float16: a graph has it, a session must not let it through. */
type RawDataType = DataType | "float16";

const elementType: Record<RawDataType, number> = {
  float32: 1,
  float16: 10,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float64: 11,
};

/** The file: IR 9, ai.onnx 19, ai.onnx.ml 4. */
export function encodeOnnx(graph: RawGraph): Uint8Array {
  const opset = (domain: string, version: number) => message(8, text(1, domain), integer(2, version));
  return join([
    integer(1, 9),
    text(2, "attune-testkit"),
    message(
      7,
      ...graph.nodes.map((node, index) => message(1, ...encodeNode(node, index))),
      text(2, "test"),
      ...Object.entries(graph.constants ?? {}).map(([name, tensor]) =>
        message(5, ...encodeTensor(name, tensor)),
      ),
      ...graph.inputs.map((value) => message(11, ...encodeValue(value))),
      ...graph.outputs.map((value) => message(12, ...encodeValue(value))),
    ),
    opset("", 19),
    opset("ai.onnx.ml", 4),
  ]);
}

function encodeNode(
  { op, inputs, outputs, attributes = {}, domain = "" }: RawNode,
  index: number,
): Uint8Array[] {
  return [
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(3, `${op}_${index}`),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) =>
      message(5, text(1, name), ...encodeAttribute(value)),
    ),
    text(7, domain),
  ];
}

function encodeAttribute(value: RawAttribute): Uint8Array[] {
  if (typeof value === "number") return [integer(3, value), integer(20, 2)];
  if (typeof value === "string") return [text(4, value), integer(20, 3)];
  if ("dtype" in value) return [message(5, ...encodeTensor("", value)), integer(20, 4)];
  return value.some((item) => typeof item === "string")
    ? [...value.map((item) => text(9, String(item))), integer(20, 8)]
    : [...value.map((item) => integer(8, Number(item))), integer(20, 7)];
}

function encodeTensor(name: string, tensor: Tensor): Uint8Array[] {
  const head = [...tensor.dims.map((dim) => integer(1, dim)), integer(2, elementType[tensor.dtype])];
  if (tensor.dtype === "string")
    return [...head, ...tensor.data.map((value) => text(6, value)), text(8, name)];
  const { buffer, byteOffset, byteLength } = tensor.data;
  return [...head, text(8, name), bytes(9, new Uint8Array(buffer, byteOffset, byteLength))];
}

function encodeValue({ name, dtype, dims }: RawValue): Uint8Array[] {
  const encodeDim = (dim: Dim) => {
    if (dim === undefined) return message(1);
    return message(1, typeof dim === "number" ? integer(1, dim) : text(2, dim));
  };
  const shape = message(2, ...dims.map(encodeDim));
  return [text(1, name), message(2, message(1, integer(1, elementType[dtype]), shape))];
}

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return [...out, Number(rest)];
}

function integer(field: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(field << 3), ...varint(value)]);
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return join([Uint8Array.from([...varint((field << 3) | 2), ...varint(value.length)]), value]);
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, encodeUtf8(value));
}

function message(field: number, ...parts: Uint8Array[]): Uint8Array {
  return bytes(field, join(parts));
}

function encodeUtf8(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** How the elements of each type travel: as JSON, and in the binary extension. Little-endian, as every machine is that the engine runs on. */
import type { DataType, TensorDataMap } from "@attune/contracts";
import { readTexts, writeTexts } from "./texts.ts";

export interface Codec<D extends DataType = DataType> {
  /** What an element must be in JSON, in words. */
  readonly expected: string;
  /** Whether an element of JSON can be taken. */
  fits(value: unknown): boolean;
  /** Elements that fit. */
  fromJson(values: readonly unknown[]): TensorDataMap[D];
  toJson(data: TensorDataMap[D]): readonly (number | string | boolean)[];
  /** The elements, or what is wrong in words. */
  fromBytes(bytes: Buffer, count: number): TensorDataMap[D] | string;
  toBytes(data: TensorDataMap[D]): Buffer;
}

/**
 * JSON has no NaN and no infinities, and the protocol's schema no null: where a number is missing, the smallest float32
 * stands for it, so that it still sorts last. The binary form has the number itself.
 */
export const missingNumber = -3.4028234663852886e38;
const largestNumber = -missingNumber;

const finite = (value: number) =>
  Number.isFinite(value) ? value : value === Number.POSITIVE_INFINITY ? largestNumber : missingNumber;

type NumberArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

interface NumberArrayConstructor<A extends NumberArray> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): A;
}

function readNumbers<A extends NumberArray>(
  ArrayType: NumberArrayConstructor<A>,
  bytes: Buffer,
  count: number,
): A | string {
  const size = count * ArrayType.BYTES_PER_ELEMENT;
  if (bytes.length !== size) return `expected ${size} bytes for ${count} elements, got ${bytes.length}`;
  // A copy: in a body, numbers lie at any byte.
  const { buffer, byteOffset } = bytes;
  return new ArrayType(buffer.slice(byteOffset, byteOffset + size) as ArrayBuffer);
}

function writeNumbers({ buffer, byteOffset, byteLength }: NumberArray): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

const isFloat = (value: unknown) => typeof value === "number" || value === null;
const toFloat = (value: unknown) => (value ?? Number.NaN) as number;
const integerOf = (bits: number) => (value: unknown) =>
  Number.isSafeInteger(value) && BigInt.asIntN(bits, BigInt(value as number)) === BigInt(value as number);

/** Total: what a graph can declare can be sent. */
export const codecs: { readonly [D in DataType]: Codec<D> } = {
  float32: {
    expected: "a number, or null where it is missing",
    fits: isFloat,
    fromJson: (values) => Float32Array.from(values, toFloat),
    toJson: (data) => Array.from(data, finite),
    fromBytes: (bytes, count) => readNumbers(Float32Array, bytes, count),
    toBytes: writeNumbers,
  },
  float64: {
    expected: "a number, or null where it is missing",
    fits: isFloat,
    fromJson: (values) => Float64Array.from(values, toFloat),
    toJson: (data) => Array.from(data, finite),
    fromBytes: (bytes, count) => readNumbers(Float64Array, bytes, count),
    toBytes: writeNumbers,
  },
  int32: {
    expected: "an integer of 32 bits",
    fits: integerOf(32),
    fromJson: (values) => Int32Array.from(values as readonly number[]),
    toJson: (data) => Array.from(data),
    fromBytes: (bytes, count) => readNumbers(Int32Array, bytes, count),
    toBytes: writeNumbers,
  },
  int64: {
    expected: "an integer within 2^53, which is as far as JSON is exact; send larger ones as binary data",
    fits: Number.isSafeInteger,
    fromJson: (values) => BigInt64Array.from(values as readonly number[], BigInt),
    toJson: (data) => Array.from(data, Number),
    fromBytes: (bytes, count) => readNumbers(BigInt64Array, bytes, count),
    toBytes: writeNumbers,
  },
  bool: {
    expected: "true or false",
    fits: (value) => typeof value === "boolean",
    fromJson: (values) => Uint8Array.from(values as readonly boolean[], Number),
    toJson: (data) => Array.from(data, (value) => value !== 0),
    fromBytes(bytes, count) {
      const data = readNumbers(Uint8Array, bytes, count);
      if (typeof data === "string") return data;
      return data.every((value) => value <= 1) ? data : "an element is neither 0 nor 1";
    },
    toBytes: writeNumbers,
  },
  string: {
    expected: "a text",
    fits: (value) => typeof value === "string",
    fromJson: (values) => values as readonly string[],
    toJson: (data) => data,
    fromBytes: readTexts,
    toBytes: writeTexts,
  },
};

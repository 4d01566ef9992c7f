/** The protocol's table of datatypes: bytes an element, and both ways between JSON and little-endian bytes. */
import { readHalf, writeHalf } from "./half.ts";

export interface Datatype {
  /** Of one element; undefined where each has a length of its own. */
  readonly sizeBytes?: number;
  /** An element of zeros, as JSON has it. */
  readonly zero: unknown;
  /** Another element, where zero is refused. */
  readonly one: unknown;
  write(element: unknown): Buffer;
  /** The element at `offset`; a number, a bigint, a boolean, or the bytes of a text. */
  read(bytes: Buffer, offset: number): unknown;
}

function numeric(
  sizeBytes: number,
  write: (buffer: Buffer, value: number) => void,
  read: (bytes: Buffer, offset: number) => number,
): Datatype {
  return {
    sizeBytes,
    zero: 0,
    one: 1,
    write: (element) => {
      const buffer = Buffer.alloc(sizeBytes);
      write(buffer, Number(element));
      return buffer;
    },
    read,
  };
}

function wide(
  write: (buffer: Buffer, value: bigint) => void,
  read: (bytes: Buffer, offset: number) => bigint,
): Datatype {
  return {
    sizeBytes: 8,
    zero: 0,
    one: 1,
    write: (element) => {
      const buffer = Buffer.alloc(8);
      write(buffer, BigInt(element as number));
      return buffer;
    },
    read,
  };
}

/** BYTES: the length as four bytes, then the bytes. */
const text: Datatype = {
  zero: "a",
  one: "a",
  write: (element) => {
    const bytes = Buffer.from(String(element));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return Buffer.concat([length, bytes]);
  },
  read: (bytes, offset) => bytes.subarray(offset + 4, offset + 4 + bytes.readUInt32LE(offset)),
};

const boolean: Datatype = {
  sizeBytes: 1,
  zero: false,
  one: true,
  write: (element) => Buffer.of(element === true ? 1 : 0),
  read: (bytes, offset) => bytes[offset] === 1,
};

/** @see KServe required_api.md, "Tensor Data Types". BF16 is Triton's own; it has no form in JSON. */
export const datatypes: ReadonlyMap<string, Datatype> = new Map([
  ["BOOL", boolean],
  [
    "UINT8",
    numeric(
      1,
      (to, value) => to.writeUInt8(value),
      (from, at) => from.readUInt8(at),
    ),
  ],
  [
    "UINT16",
    numeric(
      2,
      (to, value) => to.writeUInt16LE(value),
      (from, at) => from.readUInt16LE(at),
    ),
  ],
  [
    "UINT32",
    numeric(
      4,
      (to, value) => to.writeUInt32LE(value),
      (from, at) => from.readUInt32LE(at),
    ),
  ],
  [
    "UINT64",
    wide(
      (to, value) => to.writeBigUInt64LE(value),
      (from, at) => from.readBigUInt64LE(at),
    ),
  ],
  [
    "INT8",
    numeric(
      1,
      (to, value) => to.writeInt8(value),
      (from, at) => from.readInt8(at),
    ),
  ],
  [
    "INT16",
    numeric(
      2,
      (to, value) => to.writeInt16LE(value),
      (from, at) => from.readInt16LE(at),
    ),
  ],
  [
    "INT32",
    numeric(
      4,
      (to, value) => to.writeInt32LE(value),
      (from, at) => from.readInt32LE(at),
    ),
  ],
  [
    "INT64",
    wide(
      (to, value) => to.writeBigInt64LE(value),
      (from, at) => from.readBigInt64LE(at),
    ),
  ],
  [
    "FP16",
    numeric(
      2,
      (to, value) => to.writeUInt16LE(writeHalf(value)),
      (from, at) => readHalf(from.readUInt16LE(at)),
    ),
  ],
  [
    "FP32",
    numeric(
      4,
      (to, value) => to.writeFloatLE(value),
      (from, at) => from.readFloatLE(at),
    ),
  ],
  [
    "FP64",
    numeric(
      8,
      (to, value) => to.writeDoubleLE(value),
      (from, at) => from.readDoubleLE(at),
    ),
  ],
  ["BYTES", text],
]);

/** Names that metadata may have. */
export const knownDatatypes: readonly string[] = [...datatypes.keys(), "BF16"];

/** Every element's bytes in a row. */
export function encodeElements(datatype: string, elements: readonly unknown[]): Buffer {
  return Buffer.concat(elements.map((element) => datatypes.get(datatype)!.write(element)));
}

/** The elements of a blob, or undefined when it is not `count` elements exactly. */
export function decodeElements(
  datatype: string,
  bytes: Buffer,
  count: number,
): readonly unknown[] | undefined {
  const { sizeBytes, read } = datatypes.get(datatype)!;
  if (sizeBytes !== undefined) {
    if (bytes.length !== sizeBytes * count) return undefined;
    return Array.from({ length: count }, (_, index) => read(bytes, index * sizeBytes));
  }
  const elements: unknown[] = [];
  let offset = 0;
  while (elements.length < count) {
    if (offset + 4 > bytes.length) return undefined;
    const end = offset + 4 + bytes.readUInt32LE(offset);
    if (end > bytes.length) return undefined;
    elements.push(read(bytes, offset));
    offset = end;
  }
  return offset === bytes.length ? elements : undefined;
}

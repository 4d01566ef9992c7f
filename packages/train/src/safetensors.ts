/** Reads and writes the safetensors format: a JSON header and raw little-endian data. @see https://github.com/huggingface/safetensors#format */
import { AttuneError, type DataType, type Tensor } from "@attune/contracts";
import type { Tensors } from "./model.ts";

/** The numeric dtypes we store, by their names in the format. */
const formats = {
  F32: { dtype: "float32", read: (buffer: ArrayBuffer) => new Float32Array(buffer) },
  F64: { dtype: "float64", read: (buffer: ArrayBuffer) => new Float64Array(buffer) },
  I32: { dtype: "int32", read: (buffer: ArrayBuffer) => new Int32Array(buffer) },
  I64: { dtype: "int64", read: (buffer: ArrayBuffer) => new BigInt64Array(buffer) },
} as const;

type Format = keyof typeof formats;

interface HeaderEntry {
  readonly dtype: Format;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const lengthBytes = 8;

/** Tensors in order of their names; the header is padded so that the data starts at a multiple of 8. */
export function writeSafetensors(tensors: Tensors): Uint8Array {
  const header: Record<string, HeaderEntry> = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const name of Object.keys(tensors).sort()) {
    const tensor = tensors[name]!;
    const bytes = bytesOf(name, tensor);
    header[name] = {
      dtype: formatOf(name, tensor.dtype),
      shape: tensor.dims,
      data_offsets: [end, end + bytes.length],
    };
    end += bytes.length;
    parts.push(bytes);
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json.padEnd(json.length + ((8 - (json.length % 8)) % 8), " "));
  const file = new Uint8Array(lengthBytes + text.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, lengthBytes);
  let at = lengthBytes + text.length;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/**
 * @param source - what to call the file in an error.
 * @throws {AttuneError} `FILE_READ` when the bytes are no safetensors file or hold a dtype we do not store.
 */
export function readSafetensors(bytes: Uint8Array, source: string): Tensors {
  const fail = (reason: string): never => {
    throw new AttuneError("FILE_READ", { path: source, reason: `not a safetensors file (${reason})` });
  };
  if (bytes.length < lengthBytes) fail("too short");
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const start = lengthBytes + headerLength;
  if (start > bytes.length) fail("its header is cut off");
  let header: Record<string, HeaderEntry> = {};
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(lengthBytes, start)));
  } catch {
    fail("its header is not JSON");
  }
  const tensors: Record<string, Tensor> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const format = formats[entry.dtype];
    if (format === undefined) fail(`${name} has dtype ${entry.dtype}`);
    const [from, to] = entry.data_offsets;
    if (start + to > bytes.length) fail(`${name} is cut off`);
    // A copy, because the data need not be aligned for its type.
    const origin = bytes.byteOffset + start;
    const data = format.read(bytes.buffer.slice(origin + from, origin + to) as ArrayBuffer);
    if (data.length !== entry.shape.reduce((product, dim) => product * dim, 1)) {
      fail(`${name} does not fill its shape`);
    }
    tensors[name] = { dtype: format.dtype, dims: entry.shape, data } as Tensor;
  }
  return tensors;
}

function formatOf(name: string, dtype: DataType): Format {
  for (const [format, entry] of Object.entries(formats)) if (entry.dtype === dtype) return format as Format;
  throw new TypeError(`${name}: ${dtype} tensors are not stored`);
}

function bytesOf(name: string, tensor: Tensor): Uint8Array {
  if (tensor.dtype === "string") throw new TypeError(`${name}: string tensors are not stored`);
  const { buffer, byteOffset, byteLength } = tensor.data;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

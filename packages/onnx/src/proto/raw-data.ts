/** Numbers as `raw_data` holds them: little-endian, whatever the host is. */
import type { DataType, Tensor, TensorDataMap } from "@attune/contracts";
import { elementBytes } from "../element-type.ts";

type NumericType = Exclude<DataType, "string">;

const littleEndianHost = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A view of the tensor's own memory on little-endian hosts, a copy elsewhere. */
export function toRawData(tensor: Tensor<NumericType>): Uint8Array {
  const { data } = tensor;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return littleEndianHost ? bytes : swapBytes(bytes.slice(), data.BYTES_PER_ELEMENT);
}

/** A copy of the bytes as a typed array; their length must be a multiple of the element's size. */
export function fromRawData<D extends NumericType>(dtype: D, bytes: Uint8Array): TensorDataMap[D] {
  // Not `slice()`: that of a Node Buffer is a view of the same memory.
  const copy = new Uint8Array(bytes);
  return reviveData(
    dtype,
    littleEndianHost ? copy : swapBytes(copy, elementBytes[dtype]),
  ) as TensorDataMap[D];
}

function reviveData(dtype: NumericType, bytes: Uint8Array<ArrayBuffer>): TensorDataMap[NumericType] {
  switch (dtype) {
    case "float32":
      return new Float32Array(bytes.buffer);
    case "float64":
      return new Float64Array(bytes.buffer);
    case "int32":
      return new Int32Array(bytes.buffer);
    case "int64":
      return new BigInt64Array(bytes.buffer);
    case "bool":
      return bytes;
  }
}

function swapBytes(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  return bytes;
}

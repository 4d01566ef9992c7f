/** Tensors as plain numbers, which can enter and leave a page. */
import type { Tensor } from "@attune/contracts";

export interface PlainTensor {
  readonly dtype: "float32" | "int32" | "bool";
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

export function fromPlain({ dtype, dims, data }: PlainTensor): Tensor {
  switch (dtype) {
    case "float32":
      return { dtype, dims, data: Float32Array.from(data) };
    case "int32":
      return { dtype, dims, data: Int32Array.from(data) };
    case "bool":
      return { dtype, dims, data: Uint8Array.from(data) };
  }
}

/** Other dtypes are told by name, as float32 would not hold them. */
export function toPlain({ dtype, dims, data }: Tensor): PlainTensor {
  if (dtype !== "float32" && dtype !== "int32" && dtype !== "bool") {
    throw new TypeError(`an output is ${dtype}; this page compares float32, int32 and bool`);
  }
  return { dtype, dims, data: Array.from(data, Number) };
}

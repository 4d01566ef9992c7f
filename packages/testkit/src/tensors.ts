/** Short ways to write a tensor in a test. `dims` default to `[data.length]`. */
import type { Tensor } from "@attune/contracts";

export function float32(data: readonly number[], dims: readonly number[] = [data.length]): Tensor<"float32"> {
  return { dtype: "float32", dims, data: Float32Array.from(data) };
}

export function float64(data: readonly number[], dims: readonly number[] = [data.length]): Tensor<"float64"> {
  return { dtype: "float64", dims, data: Float64Array.from(data) };
}

export function int32(data: readonly number[], dims: readonly number[] = [data.length]): Tensor<"int32"> {
  return { dtype: "int32", dims, data: Int32Array.from(data) };
}

export function int64(data: readonly bigint[], dims: readonly number[] = [data.length]): Tensor<"int64"> {
  return { dtype: "int64", dims, data: BigInt64Array.from(data) };
}

export function bool(data: readonly boolean[], dims: readonly number[] = [data.length]): Tensor<"bool"> {
  return { dtype: "bool", dims, data: Uint8Array.from(data, Number) };
}

export function strings(data: readonly string[], dims: readonly number[] = [data.length]): Tensor<"string"> {
  return { dtype: "string", dims, data };
}

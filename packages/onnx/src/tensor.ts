/** Short ways to write the constants of a graph. */
import type { Tensor } from "@attune/contracts";

/** float32; `dims` default to one axis. Pass `[]` for a scalar. */
export function float32Tensor(
  values: Float32Array | readonly number[],
  dims: readonly number[] = [values.length],
): Tensor<"float32"> {
  return {
    dtype: "float32",
    dims,
    data: values instanceof Float32Array ? values : Float32Array.from(values),
  };
}

/** int32; `dims` default to one axis. */
export function int32Tensor(
  values: Int32Array | readonly number[],
  dims: readonly number[] = [values.length],
): Tensor<"int32"> {
  return { dtype: "int32", dims, data: values instanceof Int32Array ? values : Int32Array.from(values) };
}

/** int64 from integers; `dims` default to one axis. Pass `[]` for a scalar. */
export function int64Tensor(
  values: BigInt64Array | readonly (number | bigint)[],
  dims: readonly number[] = [values.length],
): Tensor<"int64"> {
  const data =
    values instanceof BigInt64Array ? values : BigInt64Array.from(values, (value) => BigInt(value));
  return { dtype: "int64", dims, data };
}

/** bool; `dims` default to one axis. */
export function boolTensor(
  values: readonly boolean[],
  dims: readonly number[] = [values.length],
): Tensor<"bool"> {
  return { dtype: "bool", dims, data: Uint8Array.from(values, Number) };
}

/** Strings; `dims` default to one axis. */
export function stringTensor(
  values: readonly string[],
  dims: readonly number[] = [values.length],
): Tensor<"string"> {
  return { dtype: "string", dims, data: values };
}

/** What is wrong with a tensor in itself: bad dims, or data that does not fill them. */
export function checkTensor(tensor: Tensor): readonly string[] {
  const bad = tensor.dims.filter((dim) => !Number.isSafeInteger(dim) || dim < 0);
  if (bad.length > 0) return [`dims [${tensor.dims.join(", ")}] are not all whole numbers ≥ 0`];
  const count = tensor.dims.reduce((product, dim) => product * dim, 1);
  if (count !== tensor.data.length) {
    return [`dims [${tensor.dims.join(", ")}] want ${count} elements, the data has ${tensor.data.length}`];
  }
  return [];
}

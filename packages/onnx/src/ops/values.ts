/** What inference carries of constants. */
import type { Dim, Tensor } from "@attune/contracts";
import type { ValueType } from "./define.ts";

/** Larger tensors are data, not shapes. */
export const maxValues = 64;

/** The elements of an int32 or int64 tensor of at most one axis and 64 elements. */
export function integerValues(tensor: Tensor): readonly Dim[] | undefined {
  if (tensor.dims.length > 1 || tensor.data.length > maxValues) return undefined;
  if (tensor.dtype !== "int64" && tensor.dtype !== "int32") return undefined;
  return Array.from(tensor.data as ArrayLike<number | bigint>, Number);
}

/** All that is known of a constant. */
export function typeOfConstant(tensor: Tensor): ValueType {
  return { dtype: tensor.dtype, dims: tensor.dims, values: integerValues(tensor), constant: tensor };
}

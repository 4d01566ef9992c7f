/** Tensors and value descriptions as they cross the `Session` port. Any layer may import this. */

/** dtype literal → storage. Everything about tensor types is derived from this table. */
export interface TensorDataMap {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  int64: BigInt64Array;
  bool: Uint8Array;
  string: readonly string[];
}

export type DataType = keyof TensorDataMap;

/** A dense tensor in row-major order. `dims` is empty for a scalar; `data.length` is the product of `dims`. */
export type Tensor<D extends DataType = DataType> = {
  [T in D]: { readonly dtype: T; readonly dims: readonly number[]; readonly data: TensorDataMap[T] };
}[D];

/** A dimension is a fixed size, a named symbol (`"batch"`), or unknown. */
export type Dim = number | string | undefined;

/** Name, dtype and symbolic shape of a graph input or output. */
export interface ValueInfo {
  readonly name: string;
  readonly dtype: DataType;
  readonly dims: readonly Dim[];
}

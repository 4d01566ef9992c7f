/** The form of a case for the op list, and the words that cases are written with. */
import type { DataType, Tensor } from "@attune/contracts";
import type { AttributeInput, GraphBuilder } from "../../builder.ts";

/** Type variable → dtype, for one run of a case. */
export type TypeBinding = Readonly<Record<string, DataType>>;

export interface CaseInput {
  /** A type variable of the entry, or a dtype. */
  readonly type: string;
  readonly dims: readonly number[];
  readonly values: readonly number[];
  /** An initializer, where the op wants to know it while building. */
  readonly constant: boolean;
  /** The output's rank hangs on these dims: never hide them from inference. */
  readonly needsDims?: true;
}

export interface OpCase {
  readonly inputs: readonly (CaseInput | undefined)[];
  readonly attributes?: (types: TypeBinding, graph: GraphBuilder) => Readonly<Record<string, AttributeInput>>;
  readonly outputCount?: number;
  /** Dtypes that do not go with the attributes. */
  readonly except?: readonly DataType[];
  /** An output's size hangs on values that are not constant. */
  readonly isDynamic?: true;
  /** Values of the first output when every type variable is at its first dtype. */
  readonly expected?: readonly number[];
}

/** Numbers in any dtype: truth values for bool, decimal digits for strings. */
export function makeTensor(dtype: DataType, dims: readonly number[], values: readonly number[]): Tensor {
  switch (dtype) {
    case "float32":
      return { dtype, dims, data: Float32Array.from(values) };
    case "float64":
      return { dtype, dims, data: Float64Array.from(values) };
    case "int32":
      return { dtype, dims, data: Int32Array.from(values) };
    case "int64":
      return { dtype, dims, data: BigInt64Array.from(values, BigInt) };
    case "bool":
      return { dtype, dims, data: Uint8Array.from(values, (value) => (value === 0 ? 0 : 1)) };
    case "string":
      return { dtype, dims, data: values.map(String) };
  }
}

export function fed(dims: readonly number[], values: readonly number[], type = "T"): CaseInput {
  return { type, dims, values, constant: false };
}

export function fixed(
  values: readonly number[],
  type = "int64",
  dims: readonly number[] = [values.length],
): CaseInput {
  return { type, dims, values, constant: true };
}

/** The same case for several ops. */
export function each<T extends OpCase | readonly OpCase[]>(
  names: readonly string[],
  opCase: T,
): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, opCase]));
}

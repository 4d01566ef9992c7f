/** Requests and answers of the protocol, as its JSON has them. */

export type Parameters = Readonly<Record<string, unknown>>;

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  /** −1 where the size is free. */
  readonly shape: readonly number[];
}

export interface ModelMetadata {
  readonly name: string;
  readonly platform: string;
  readonly versions?: readonly string[];
  readonly inputs?: readonly TensorMetadata[];
  readonly outputs?: readonly TensorMetadata[];
}

/** Of a request or an answer. `data` is absent where the bytes follow the JSON. */
export interface Tensor extends TensorMetadata {
  readonly data?: readonly unknown[];
  readonly parameters?: Parameters;
}

export interface RequestedOutput {
  readonly name: string;
  readonly parameters?: Parameters;
}

/** One that can be sent as it is; cases alter copies of it. */
export interface InferRequest {
  readonly id?: string;
  readonly parameters?: Parameters;
  readonly inputs: readonly Tensor[];
  readonly outputs?: readonly RequestedOutput[];
}

export interface InferResponse {
  readonly model_name: string;
  readonly model_version?: string;
  readonly id?: string;
  readonly parameters?: Parameters;
  readonly outputs: readonly Tensor[];
}

export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Elements in row-major order, whatever the nesting. */
export function flatten(data: readonly unknown[]): readonly unknown[] {
  return data.flat(Number.POSITIVE_INFINITY);
}

/** Lists in lists, as the shape has it; a shape of one axis or none stays flat. */
export function nest(data: readonly unknown[], shape: readonly number[]): readonly unknown[] {
  if (shape.length < 2) return data;
  const [size = 0, ...rest] = shape;
  const step = countElements(rest);
  return Array.from({ length: size }, (_, at) => nest(data.slice(at * step, (at + 1) * step), rest));
}

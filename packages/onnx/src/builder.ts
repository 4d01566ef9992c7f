/** The typed graph builder: names, dtypes and symbolic shapes are checked while building. */
import type { DataType, Dim, Tensor } from "@attune/contracts";
import type { Model, Value } from "./model.ts";

/** Plain attribute values; the op's entry says whether a number is an int or a float. */
export type AttributeInput = number | string | readonly number[] | readonly string[] | Tensor;

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
  /** Last part of the node's name; default the op in lower case. Made unique by a number. */
  readonly name?: string;
}

export interface GraphBuilder {
  /** Declares a graph input. */
  input(name: string, dtype: DataType, dims: readonly Dim[]): Value;
  /** Adds an initializer. Equal small constants (≤ 64 elements) are stored once. */
  constant(name: string, tensor: Tensor): Value;
  /** Appends a node with one output. `undefined` is an absent optional input. */
  node(op: string, inputs: readonly (Value | undefined)[], options?: NodeOptions): Value;
  /** Appends a node with several outputs. */
  nodes(
    op: string,
    inputs: readonly (Value | undefined)[],
    outputCount: number,
    options?: NodeOptions,
  ): Value[];
  /** Names a value as a graph output. */
  output(name: string, value: Value): void;
  /** The same graph, with `name/` before every node and constant added through it. */
  scope(name: string): GraphBuilder;
  /** @throws {AttuneError} `ONNX_INVALID` when the finished model fails the checker. */
  build(options: BuildOptions): Model;
}

export interface BuildOptions {
  readonly name: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

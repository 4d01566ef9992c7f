/** The form of one entry of the op list, and the small words it is written with. */
import type { DataType, Dim, Tensor } from "@attune/contracts";
import type { Dims } from "../dims.ts";
import type { Graph } from "../model.ts";

/** `""` is ai.onnx. */
export type Domain = "" | "ai.onnx.ml";

/** What is known of a value. Everything may be unknown, so that one problem is not reported twice. */
export interface ValueType {
  readonly dtype?: DataType | undefined;
  /** `undefined` = unknown rank. */
  readonly dims?: Dims | undefined;
  /** Elements of a small integer tensor, where known: shapes, axes, counts. Symbols as in dims. */
  readonly values?: readonly Dim[] | undefined;
  /** The value itself, where it is a constant of the graph. */
  readonly constant?: Tensor | undefined;
}

/** An input or output in a signature. `type` is a type variable (`"T"`) or one dtype. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
  /** May be absent. */
  readonly optional?: true;
  /** Last parameter only: one or more of it. */
  readonly variadic?: true;
  /** Variadic only: each may have a dtype of its own. */
  readonly mixed?: true;
}

/** `"dtype"` is an int that holds an element code; the builder takes the dtype's name for it. */
export type AttributeType =
  | "int"
  | "float"
  | "string"
  | "ints"
  | "floats"
  | "strings"
  | "tensor"
  | "graph"
  | "dtype";

export interface AttributeDefinition {
  readonly type: AttributeType;
  readonly default?: number | string;
  readonly required?: true;
  /** Values allowed of a string attribute. */
  readonly oneOf?: readonly string[];
}

/** What an entry's `infer` can ask about the node. Inputs by position, attributes by name. */
export interface InferContext {
  readonly opset: number;
  readonly inputCount: number;
  readonly outputCount: number;
  /** Whether the input is given at all. */
  has(index: number): boolean;
  dtype(index: number): DataType | undefined;
  dims(index: number): Dims | undefined;
  values(index: number): readonly Dim[] | undefined;
  constant(index: number): Tensor | undefined;
  /** The attribute, or its default. */
  int(name: string): number | undefined;
  ints(name: string): readonly number[] | undefined;
  string(name: string): string | undefined;
  strings(name: string): readonly string[] | undefined;
  tensor(name: string): Tensor | undefined;
  graph(name: string): Graph | undefined;
  dataType(name: string): DataType | undefined;
  /** Notes a problem. Problems of a node are gathered; go on with `undefined` dims. */
  issue(text: string): void;
}

/** One op of one opset range: all that the builder, the checker and docs/ops.md know about it. */
export interface OpDefinition {
  readonly op: string;
  readonly domain: Domain;
  /** First opset in which the op has this form. */
  readonly since: number;
  /** Last opset in which it has it; absent = the newest we know. */
  readonly until?: number;
  readonly inputs: readonly Parameter[];
  readonly outputs: readonly Parameter[];
  /** Type variable → dtypes it may take: what ONNX allows and ONNX Runtime 1.30 computes on the CPU. */
  readonly types: Readonly<Record<string, readonly DataType[]>>;
  readonly attributes: Readonly<Record<string, AttributeDefinition>>;
  /** One per output. A dtype left out is that of the output's type variable. */
  infer(ctx: InferContext): readonly ValueType[];
}

type OpDraft = Omit<OpDefinition, "domain" | "types" | "attributes"> &
  Partial<Pick<OpDefinition, "domain" | "types" | "attributes">>;

/** An entry; ai.onnx, no type variables and no attributes unless said. */
export function defineOp(draft: OpDraft): OpDefinition {
  return { domain: "", types: {}, attributes: {}, ...draft };
}

export function param(name: string, type = "T"): Parameter {
  return { name, type };
}

export function optional(name: string, type = "T"): Parameter {
  return { name, type, optional: true };
}

export function variadic(name: string, type = "T"): Parameter {
  return { name, type, variadic: true };
}

/** Any number of values, none too, of any dtypes. */
export function mixed(name: string, type = "T"): Parameter {
  return { name, type, optional: true, variadic: true, mixed: true };
}

export const floating = ["float32", "float64"] as const satisfies readonly DataType[];
export const numeric = ["float32", "float64", "int32", "int64"] as const satisfies readonly DataType[];
export const integer = ["int32", "int64"] as const satisfies readonly DataType[];
export const anyType = [
  "float32",
  "float64",
  "int32",
  "int64",
  "bool",
  "string",
] as const satisfies readonly DataType[];
export const notString = [
  "float32",
  "float64",
  "int32",
  "int64",
  "bool",
] as const satisfies readonly DataType[];

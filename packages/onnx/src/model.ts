/** An ONNX model as plain data: what the reader returns, the writer takes, the checker and printer look at. */
import type { DataType, Tensor, ValueInfo } from "@attune/contracts";

/** An attribute value. Which of the forms an op takes is declared in its entry of the op list. */
export type Attribute =
  | { readonly type: "int"; readonly value: number }
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "ints"; readonly value: readonly number[] }
  | { readonly type: "floats"; readonly value: readonly number[] }
  | { readonly type: "strings"; readonly value: readonly string[] }
  | { readonly type: "tensor"; readonly value: Tensor }
  /** A body of If, Loop or Scan. Its nodes may use the values of the graph around it, never give a name anew. */
  | { readonly type: "graph"; readonly value: Graph }
  /** Something of another tool that Attune can only name: a float16 tensor, a list of subgraphs. Never written. */
  | { readonly type: "opaque"; readonly value: string };

export interface Node {
  readonly name: string;
  readonly op: string;
  /** `""` is ai.onnx. */
  readonly domain: string;
  /** `""` is an absent optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Graph {
  readonly name: string;
  /** In topological order. */
  readonly nodes: readonly Node[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Constants by name. */
  readonly initializers: ReadonlyMap<string, Tensor>;
  /** What the reader found and Attune does not compute with. Absent when there is none; never written. */
  readonly foreign?: readonly ForeignPart[];
}

/** A part of another tool's model, kept so that it can be inspected and refused by name. */
export interface ForeignPart {
  readonly kind: "input" | "output" | "initializer" | "function";
  readonly name: string;
  /** For people: `float16[10, 4]`, `sequence`, `float32[8] in the file weights.bin`. */
  readonly description: string;
  /** Bytes of its data inside the file. */
  readonly byteLength: number;
}

export interface Model {
  readonly irVersion: number;
  readonly producer: { readonly name: string; readonly version: string };
  /** Domain → opset version. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly graph: Graph;
  /** `metadata_props` */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A value of a graph under construction: its name, dtype and symbolic shape are known at once. */
export interface Value extends ValueInfo {
  readonly dtype: DataType;
}

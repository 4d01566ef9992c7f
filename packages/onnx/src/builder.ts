/** The typed graph builder: names, dtypes and symbolic shapes are checked while building. */
import type { DataType, Dim, Tensor } from "@attune/contracts";
import type { Graph, Model, Value } from "./model.ts";

/**
 * Plain attribute values; the op's entry says whether a number is an int or a float, and where a string is the name of
 * a dtype (`Cast` with `to: "int64"`).
 */
export type AttributeInput = number | string | readonly number[] | readonly string[] | Tensor | Subgraph;

/** A finished body, for an attribute of If, Loop or Scan. It belongs to the graph that made it. */
export interface Subgraph {
  readonly graph: Graph;
}

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
  /** Last part of the node's name; default the op in lower case. Made unique by a number. */
  readonly name?: string;
}

export interface GraphBuilder {
  /** Declares a graph input. */
  input(name: string, dtype: DataType, dims: readonly Dim[]): Value;
  /** Adds an initializer. Equal small constants (≤ 64 elements) are stored once, under the first name. */
  constant(name: string, tensor: Tensor): Value;
  /**
   * Appends a node with one output. `undefined` is an absent optional input.
   *
   * @throws {AttuneError} `ONNX_BUILD` with every problem of the node.
   */
  node(op: string, inputs: readonly (Value | undefined)[], options?: NodeOptions): Value;
  /**
   * Appends a node with several outputs.
   *
   * @throws {AttuneError} `ONNX_BUILD` with every problem of the node.
   */
  nodes(
    op: string,
    inputs: readonly (Value | undefined)[],
    outputCount: number,
    options?: NodeOptions,
  ): Value[];
  /**
   * Names a value as a graph output.
   *
   * @param dims - what is known of the shape beyond inference: names for unknown dims. A contradiction is an error.
   */
  output(name: string, value: Value, dims?: readonly Dim[]): void;
  /**
   * A body for If, Loop or Scan, built like any graph: its inputs and outputs are those that the op wants, in that
   * order. Its nodes may use values of this graph; nothing outside may use its own. Names are made unique.
   *
   *     const step = graph.subgraph("step", (body) => {
   *       const sum = body.node("Add", [body.input("sum", "float32", []), body.input("x", "float32", [])]);
   *       body.output("sum", sum);
   *       body.output("sums", sum);
   *     });
   *     const [total, sums] = graph.nodes("Scan", [zero, xs], 2, { attributes: { body: step, num_scan_inputs: 1 } });
   *
   * @param build - adds the body's inputs, nodes and outputs. The builder takes nothing more afterwards, and has no
   * `build` of its own.
   * @throws {AttuneError} `ONNX_BUILD` when the body has no outputs.
   */
  subgraph(name: string, build: (body: GraphBuilder) => void): Subgraph;
  /** The same graph, with `name/` before every node and constant added through it. */
  scope(name: string): GraphBuilder;
  /**
   * The finished model: without nodes and constants that no output needs, in topological order.
   *
   * @throws {AttuneError} `ONNX_INVALID` when the finished model fails the checker.
   */
  build(options: BuildOptions): Model;
}

export interface BuildOptions {
  readonly name: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface GraphOptions {
  /** Opset of ai.onnx, 17 to 21. Default 21. */
  readonly opset?: number;
}

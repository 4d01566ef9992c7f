/** A traced graph → an ONNX model: symbolic numbers become Shape arithmetic, equal nodes become one. */
import { AttuneError, type Dim } from "@attune/contracts";
import { createGraph, type GraphBuilder, type Model, type Value } from "@attune/onnx";
import { atOpset } from "./at-opset.ts";
import { constantOf, type Expression, isUnknown, symbolOf } from "./expression.ts";
import { type GraphNode, type GraphValue, listNodes, type TracedGraph } from "./graph.ts";
import { reshapeForm } from "./reshape-form.ts";
import { createSymbols, type SymbolSource, type Symbols } from "./symbols.ts";

export interface EmitOptions {
  /** Name of the graph. */
  readonly name: string;
  readonly opset: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * @throws {AttuneError} `ONNX_BUILD` when a node does not fit the opset; `TRACE_SHAPE_DEPENDENT` when a size that follows no
 * formula is needed before it is known.
 */
export function emitModel(traced: TracedGraph, options: EmitOptions): Model {
  const graph = createGraph({ opset: options.opset });
  const emitter = new Emitter(graph, traced, options);
  for (const node of listNodes(traced)) emitter.addNode(node);
  for (const { name, value } of traced.outputs) {
    graph.output(name, emitter.find(value), value.dims.map(dimOf));
  }
  return graph.build({ name: options.name, ...(options.metadata && { metadata: options.metadata }) });
}

/** As a dim of a graph: a number, a symbol, or unknown. */
function dimOf(dim: Expression): Dim {
  return constantOf(dim) ?? (isUnknown(dim) ? undefined : symbolOf(dim));
}

/** Adds nodes, each once, and finds the values that they make. */
class Emitter {
  readonly #graph: GraphBuilder;
  readonly #traced: TracedGraph;
  readonly #options: EmitOptions;
  readonly #symbols: Symbols;
  readonly #values = new Map<GraphValue, Value>();
  /** Outputs of nodes by all that makes a node what it is. */
  readonly #known = new Map<string, readonly Value[]>();
  /** Nodes whose inputs are being found. */
  readonly #underWay = new Set<GraphNode>();

  constructor(graph: GraphBuilder, traced: TracedGraph, options: EmitOptions) {
    this.#graph = graph;
    this.#traced = traced;
    this.#options = options;
    this.#symbols = createSymbols(graph, (symbol) => this.#sourceOf(symbol));
    for (const { name, value } of traced.inputs) {
      this.#values.set(value, graph.input(name, value.dtype, value.dims.map(dimOf)));
    }
  }

  find(value: GraphValue): Value {
    const found = this.#values.get(value);
    if (found !== undefined) return found;
    const { source } = value;
    if (source.kind === "node" || source.kind === "input") {
      throw new Error(
        `${source.kind === "node" ? source.node.op : source.name} was used before it was added`,
      );
    }
    const added =
      source.kind === "constant"
        ? this.#graph.constant(source.name, source.tensor)
        : this.#symbols.tensor(value, source.elements);
    this.#values.set(value, added);
    return added;
  }

  addNode(node: GraphNode): void {
    if (node.outputs.every((output) => this.#values.has(output))) return;
    this.#underWay.add(node);
    const { op, inputs, attributes } = atOpset(reshapeForm(node), this.#options.opset);
    const given = inputs.map((input) => input && this.find(input));
    const names = given.map((value) => value?.name ?? "");
    const key = [op, JSON.stringify(attributes), node.outputs.length, ...names].join("\n");
    const scoped = node.scope === "" ? this.#graph : this.#graph.scope(node.scope);
    const outputs = this.#known.get(key) ?? scoped.nodes(op, given, node.outputs.length, { attributes });
    this.#known.set(key, outputs);
    for (const [index, value] of node.outputs.entries()) this.#values.set(value, outputs[index] as Value);
    this.#underWay.delete(node);
  }

  /** Inputs come first; a size that follows no formula is read off the first value that has it. */
  #sourceOf(symbol: string): SymbolSource {
    const axisOf = ({ dims }: GraphValue) => dims.findIndex((dim) => symbolOf(dim) === symbol);
    for (const { name, value } of this.#traced.inputs) {
      if (axisOf(value) >= 0) return { value: this.find(value), axis: axisOf(value) };
      if (name === symbol) return { value: this.find(value), axis: undefined };
    }
    for (const holder of listNodes(this.#traced).flatMap((node) => node.outputs)) {
      if (axisOf(holder) < 0) continue;
      const needed = listNodes({ inputs: [], outputs: [{ name: symbol, value: holder }] });
      if (needed.some((node) => this.#underWay.has(node))) continue;
      for (const node of needed) this.addNode(node);
      return { value: this.find(holder), axis: axisOf(holder) };
    }
    const place = [...this.#underWay].at(-1)?.kernel ?? "an output";
    throw new AttuneError("TRACE_SHAPE_DEPENDENT", {
      what: this.#options.name,
      issues: [`${place} needs a size that follows no formula before it is known`],
    });
  }
}

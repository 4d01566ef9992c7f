/** A traced graph → an ONNX model: symbolic numbers become Shape arithmetic, equal nodes become one. */
import type { Dim, Tensor } from "@attune/contracts";
import {
  createGraph,
  float32Tensor,
  type GraphBuilder,
  int32Tensor,
  int64Tensor,
  type Model,
  type Value,
} from "@attune/onnx";
import { constantOf, type Expression, expressionKey, symbolOf } from "./expression.ts";
import { type GraphNode, type GraphValue, listNodes, type TracedGraph } from "./graph.ts";

export interface EmitOptions {
  /** Name of the graph. */
  readonly name: string;
  readonly opset: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** @throws {AttuneError} `ONNX_BUILD` when a node does not fit the opset. */
export function emitModel(traced: TracedGraph, options: EmitOptions): Model {
  const graph = createGraph({ opset: options.opset });
  const emitter = createEmitter(graph, traced);
  for (const node of listNodes(traced)) emitter.addNode(node);
  for (const { name, value } of traced.outputs) {
    graph.output(name, emitter.find(value), value.dims.map(dimOf));
  }
  return graph.build({ name: options.name, ...(options.metadata && { metadata: options.metadata }) });
}

/** As a dim of a graph: a number, a symbol, or unknown. */
function dimOf(dim: Expression): Dim {
  const symbol = symbolOf(dim);
  return constantOf(dim) ?? (symbol?.startsWith("?") ? undefined : symbol);
}

interface Emitter {
  addNode(node: GraphNode): void;
  find(value: GraphValue): Value;
}

function createEmitter(graph: GraphBuilder, traced: TracedGraph): Emitter {
  const values = new Map<GraphValue, Value>();
  const known = new Map<string, readonly Value[]>();
  const inputs = new Map<string, Value>();
  for (const { name, value } of traced.inputs) {
    const input = graph.input(name, value.dtype, value.dims.map(dimOf));
    inputs.set(name, input);
    values.set(value, input);
  }
  const symbols = createSymbols(graph, traced, inputs);

  function find(value: GraphValue): Value {
    const found = values.get(value);
    if (found !== undefined) return found;
    const { source } = value;
    if (source.kind === "node") throw new Error(`${source.node.op} was used before it was added`);
    const added =
      source.kind === "constant"
        ? graph.constant(source.name, source.tensor)
        : source.kind === "symbolic"
          ? symbols.tensor(value, source.elements)
          : (inputs.get(source.name) as Value);
    values.set(value, added);
    return added;
  }

  return {
    find,
    addNode(node) {
      const given = node.inputs.map((input, at) =>
        input === undefined ? undefined : (reshapeTarget(graph, node, input, at) ?? find(input)),
      );
      const key = [
        node.op,
        JSON.stringify(node.attributes),
        node.outputs.length,
        ...given.map((value) => value?.name ?? ""),
      ].join("\n");
      let outputs = known.get(key);
      if (outputs === undefined) {
        const scoped = node.scope === "" ? graph : graph.scope(node.scope);
        outputs = scoped.nodes(node.op, given, node.outputs.length, { attributes: node.attributes });
        known.set(key, outputs);
      }
      for (const [index, value] of node.outputs.entries()) values.set(value, outputs[index] as Value);
    },
  };
}

/** A shape with one symbolic size is written with −1 for it: no arithmetic at run time. */
function reshapeTarget(
  graph: GraphBuilder,
  node: GraphNode,
  input: GraphValue,
  at: number,
): Value | undefined {
  if (node.op !== "Reshape" || at !== 1 || input.source.kind !== "symbolic") return undefined;
  const dims = input.source.elements.map(constantOf);
  // A 0 in the shape would leave −1 without meaning.
  if (dims.filter((dim) => dim === undefined).length !== 1 || dims.includes(0)) return undefined;
  return graph.constant("shape", int64Tensor(dims.map((dim) => dim ?? -1)));
}

/** Symbols as values: sizes are read off the inputs that have them, scalar inputs are themselves. */
function createSymbols(graph: GraphBuilder, traced: TracedGraph, inputs: ReadonlyMap<string, Value>) {
  const scope = graph.scope("sizes");
  const cache = new Map<string, Value>();

  function memo(key: string, make: () => Value): Value {
    const found = cache.get(key);
    if (found !== undefined) return found;
    const made = make();
    cache.set(key, made);
    return made;
  }

  /** One symbol as a vector of one element: int64 for a size, float32 for a scalar input. */
  function symbol(name: string): Value {
    return memo(`symbol ${name}`, () => {
      for (const { name: input, value } of traced.inputs) {
        const axis = value.dims.findIndex((dim) => symbolOf(dim) === name);
        const found = inputs.get(input) as Value;
        if (axis >= 0) {
          return scope.node("Shape", [found], { attributes: { start: axis, end: axis + 1 }, name });
        }
        if (input === name) return scope.node("Reshape", [found, scope.constant("one", int64Tensor([1]))]);
      }
      throw new Error(`no input has the dim ${name}`);
    });
  }

  function number(value: number, dtype: Value["dtype"]): Value {
    return scope.constant("number", numberTensor(value, dtype));
  }

  /** An expression as a vector of one element of the dtype. */
  function element(expression: Expression, dtype: Value["dtype"]): Value {
    return memo(`${dtype} ${expressionKey(expression)}`, () => {
      const { coefficient, symbols, offset, isInverse } = expression;
      if (symbols.length === 0) return number(offset, dtype);
      // Sizes are whole: exact in int64, rounded once. A float scalar or an inverse asks for floats throughout.
      const parts = symbols.map(symbol);
      const isFloat = dtype === "float32" || dtype === "float64";
      const inner = isFloat ? dtype : "int64";
      let value = parts
        .map((part) => cast(part, inner))
        .reduce((product, part) => scope.node("Mul", [product, part]));
      if (isInverse) value = scope.node("Div", [number(coefficient, inner), value]);
      else if (coefficient !== 1) value = scope.node("Mul", [value, number(coefficient, inner)]);
      if (offset !== 0) value = scope.node("Add", [value, number(offset, inner)]);
      return cast(value, dtype);
    });
  }

  function cast(value: Value, dtype: Value["dtype"]): Value {
    return value.dtype === dtype
      ? value
      : memo(`${value.name} as ${dtype}`, () => scope.node("Cast", [value], { attributes: { to: dtype } }));
  }

  return {
    tensor({ dtype, dims }: GraphValue, elements: readonly Expression[]): Value {
      const shape = dims.map((dim) => constantOf(dim) ?? 0);
      return memo(`${dtype} [${shape.join()}] ${elements.map(expressionKey).join()}`, () => {
        const parts = elements.map((part) => element(part, dtype));
        const [only] = parts as [Value, ...Value[]];
        const vector =
          parts.length === 1 ? only : scope.node("Concat", parts, { attributes: { axis: 0 }, name: "shape" });
        return shape.length === 1
          ? vector
          : scope.node("Reshape", [vector, scope.constant("dims", int64Tensor(shape))]);
      });
    },
  };
}

function numberTensor(value: number, dtype: Value["dtype"]): Tensor {
  switch (dtype) {
    case "int64":
      return int64Tensor([value]);
    case "int32":
      return int32Tensor([value]);
    case "float64":
      return { dtype, dims: [1], data: Float64Array.of(value) };
    default:
      return float32Tensor([value]);
  }
}

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
import { atOpset } from "./at-opset.ts";
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
  for (const node of listNodes(traced)) emitter.addNode(atOpset(node, options.opset));
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
      const target = reshapeTarget(node);
      const given = node.inputs.map((input, at) =>
        target !== undefined && at === 1
          ? graph.constant("shape", int64Tensor(target))
          : input && find(input),
      );
      const attributes = target === undefined ? attributesOf(node) : {};
      const key = [
        node.op,
        JSON.stringify(attributes),
        node.outputs.length,
        ...given.map((value) => value?.name ?? ""),
      ].join("\n");
      let outputs = known.get(key);
      if (outputs === undefined) {
        const scoped = node.scope === "" ? graph : graph.scope(node.scope);
        outputs = scoped.nodes(node.op, given, node.outputs.length, { attributes });
        known.set(key, outputs);
      }
      for (const [index, value] of node.outputs.entries()) values.set(value, outputs[index] as Value);
    },
  };
}

/**
 * A symbolic shape that needs no arithmetic at run time: one size that is not known is −1, and sizes that the input has
 * in the same places are 0, "as it is". Not both: −1 has no meaning beside a size that turns out to be 0.
 */
function reshapeTarget({ op, inputs }: GraphNode): readonly number[] | undefined {
  const [x, shape] = inputs;
  if (op !== "Reshape" || x === undefined || shape?.source.kind !== "symbolic") return undefined;
  const { elements } = shape.source;
  const dims = elements.map(constantOf);
  if (dims.includes(0)) return undefined;
  if (dims.filter((dim) => dim === undefined).length === 1) return dims.map((dim) => dim ?? -1);
  const isKept = elements.every((dim, axis) => {
    const given = x.dims[axis];
    return dims[axis] !== undefined || (given !== undefined && expressionKey(dim) === expressionKey(given));
  });
  return isKept ? dims.map((dim) => dim ?? 0) : undefined;
}

/** In a shape that is computed, or of no elements, a 0 is a size, not "as it is". */
function attributesOf({ op, inputs, outputs, attributes }: GraphNode): GraphNode["attributes"] {
  if (op !== "Reshape") return attributes;
  const isComputed = inputs[1]?.source.kind === "symbolic";
  const isEmpty = outputs[0]?.dims.some((dim) => constantOf(dim) === 0);
  return isComputed || isEmpty ? { ...attributes, allowzero: 1 } : attributes;
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

  /** In whole numbers, since half of a size is one too. */
  function multiplyWhole(value: Value, coefficient: number): Value {
    const divisor = denominatorOf(coefficient);
    const factor = Math.round(coefficient * divisor);
    const product = factor === 1 ? value : scope.node("Mul", [value, number(factor, "int64")]);
    return divisor === 1 ? product : scope.node("Div", [product, number(divisor, "int64")]);
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
      else if (isFloat && coefficient !== 1) value = scope.node("Mul", [value, number(coefficient, inner)]);
      else if (!isFloat) value = multiplyWhole(value, coefficient);
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

/** The smallest whole number that makes the coefficient whole: it is the quotient of two sizes. */
function denominatorOf(coefficient: number): number {
  let divisor = 1;
  while (Math.abs(coefficient * divisor - Math.round(coefficient * divisor)) > 1e-9 * divisor) divisor++;
  return divisor;
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

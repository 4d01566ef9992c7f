/** One constant of several traces: equal, symbolic, or frozen. */
import type { Tensor } from "@attune/contracts";
import { float32Tensor, int64Tensor } from "@attune/onnx";
import { constantExpression, constantOf, type Expression, expressionKey } from "../graph/expression.ts";
import { createValue, type GraphValue } from "../graph/graph.ts";
import type { Solve } from "./size-solver.ts";

/** More symbolic numbers than this in one constant are not looked for. */
const maxSymbolic = 64;

export interface ConstantContext {
  readonly solve: Solve;
  readonly frozenIssues: Set<string>;
  readonly shapeIssues: Set<string>;
}

/** `name` for the graph, `origin` for an error. */
export interface ConstantLabel {
  readonly name: string;
  readonly origin: string;
}

/**
 * - the same numbers everywhere: a constant;
 * - a shape that follows the symbols and numbers that repeat along it: the numbers once, and an Expand;
 * - few numbers that follow the symbols: computed when the graph runs;
 * - 0, 1, 2, … up to a symbol: a Range;
 * - anything else was made on the host and would be frozen: an issue.
 */
export function unifyConstant(
  tensors: readonly Tensor[],
  context: ConstantContext,
  label: ConstantLabel,
): GraphValue {
  const [first] = tensors as readonly [Tensor, ...Tensor[]];
  const isSame = tensors.every(
    (tensor) => tensor.dims.join() === first.dims.join() && sameData(tensor, first),
  );
  if (isSame) return constantValue(first, label.name);
  const dims = unifyShape(tensors, context.solve);
  if (dims !== undefined) {
    const collapsed = tensors.map((tensor) => collapse(tensor, dims));
    if (collapsed.every((tensor) => tensor !== undefined)) {
      const small = unifyElements(collapsed, context.solve, label.name);
      if (small !== undefined) return expand(small, dims, label);
    }
    const range = unifyRange(tensors, dims, context.solve);
    if (range !== undefined) return range;
  }
  if (first.dtype === "int64") {
    // Kernels alone make int64, and for shapes, axes and pads only.
    context.shapeIssues.add(`${label.origin} needs a size that is no multiple of the symbolic ones`);
    return constantValue(first, label.name);
  }
  const how = dims === undefined ? "shapes that follow no symbol" : `[${first.dims.join(", ")}] in one trace`;
  context.frozenIssues.add(`${label.origin} made ${first.dtype} values on the host (${how})`);
  return constantValue(first, label.name);
}

export function constantValue(tensor: Tensor, name = "constant"): GraphValue {
  return {
    dtype: tensor.dtype,
    dims: tensor.dims.map(constantExpression),
    source: { kind: "constant", tensor, name },
  };
}

function sameData(a: Tensor, b: Tensor): boolean {
  return a.data.length === b.data.length && a.data.every((value, at) => Object.is(value, b.data[at]));
}

function unifyShape(tensors: readonly Tensor[], solve: Solve): Expression[] | undefined {
  const [first] = tensors;
  if (first === undefined || tensors.some(({ dims }) => dims.length !== first.dims.length)) return undefined;
  const dims = first.dims.map((_, axis) =>
    solve(
      tensors.map((tensor) => tensor.dims[axis] ?? -1),
      true,
    ),
  );
  return dims.every((dim) => dim !== undefined) ? dims : undefined;
}

/** Keeps one slice of each symbolic axis when all its slices are the same. */
function collapse(tensor: Tensor, dims: readonly Expression[]): Tensor | undefined {
  const kept = tensor.dims.map((dim, axis) => (constantOf(dims[axis] as Expression) === undefined ? 1 : dim));
  const strides = kept.map((dim, axis) =>
    dim === 1 ? 0 : kept.slice(axis + 1).reduce((product, size) => product * size, 1),
  );
  const source = tensor.data;
  const count = kept.reduce((product, dim) => product * dim, 1);
  const found: unknown[] = new Array(count);
  const seen = new Uint8Array(count);
  const index = tensor.dims.map(() => 0);
  for (let at = 0; at < source.length; at++) {
    const place = index.reduce((sum, position, axis) => sum + position * (strides[axis] ?? 0), 0);
    if (seen[place] === 0) {
      seen[place] = 1;
      found[place] = source[at];
    } else if (!Object.is(found[place], source[at])) return undefined;
    for (let axis = index.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (tensor.dims[axis] ?? 0)) break;
      index[axis] = 0;
    }
  }
  return withData(tensor, kept, found);
}

function withData(tensor: Tensor, dims: readonly number[], data: readonly unknown[]): Tensor {
  switch (tensor.dtype) {
    case "float32":
      return float32Tensor(Float32Array.from(data as number[]), dims);
    case "float64":
      return { dtype: "float64", dims, data: Float64Array.from(data as number[]) };
    case "int32":
      return { dtype: "int32", dims, data: Int32Array.from(data as number[]) };
    case "int64":
      return int64Tensor(BigInt64Array.from(data as bigint[]), dims);
    case "bool":
      return { dtype: "bool", dims, data: Uint8Array.from(data as number[]) };
    case "string":
      return { dtype: "string", dims, data: data as string[] };
  }
}

/** Numbers of one shape in every trace: equal, or each following the symbols. */
function unifyElements(tensors: readonly Tensor[], solve: Solve, name: string): GraphValue | undefined {
  const [first] = tensors as readonly [Tensor, ...Tensor[]];
  if (tensors.every((tensor) => sameData(tensor, first))) return constantValue(first, name);
  if (first.dtype === "string" || first.data.length > maxSymbolic) return undefined;
  const isWhole = first.dtype !== "float32" && first.dtype !== "float64";
  const elements = Array.from({ length: first.data.length }, (_, at) =>
    solve(
      tensors.map((tensor) => Number(tensor.data[at])),
      isWhole,
    ),
  );
  if (!elements.every((element) => element !== undefined)) return undefined;
  const [head] = elements;
  // The same number in each place: one of it, broadcast again by the caller or by the op.
  const isUniform =
    first.dims.length > 0 && elements.length > 1 && head !== undefined && first.dtype !== "int64";
  if (isUniform && elements.every((element) => expressionKey(element) === expressionKey(head))) {
    return expand(
      { dtype: first.dtype, dims: [], source: { kind: "symbolic", elements: [head] } },
      first.dims.map(constantExpression),
      { name, origin: name },
    );
  }
  return {
    dtype: first.dtype,
    dims: first.dims.map(constantExpression),
    source: { kind: "symbolic", elements },
  };
}

function expand(value: GraphValue, dims: readonly Expression[], label: ConstantLabel): GraphValue {
  const isSame =
    value.dims.length === dims.length &&
    value.dims.every((dim, axis) => expressionKey(dim) === expressionKey(dims[axis] as Expression));
  if (isSame) return value;
  const shape = shapeValue(dims);
  return createValue(
    { op: "Expand", inputs: [value, shape], scope: "", kernel: label.origin },
    { dtype: value.dtype, dims },
  );
}

/** A shape as an int64 vector. */
export function shapeValue(dims: readonly Expression[]): GraphValue {
  const numbers = dims.map(constantOf);
  if (numbers.every((dim) => dim !== undefined)) return constantValue(int64Tensor(numbers));
  return {
    dtype: "int64",
    dims: [constantExpression(dims.length)],
    source: { kind: "symbolic", elements: dims },
  };
}

/** start, start + step, start + 2·step, … of symbolic length. */
function unifyRange(
  tensors: readonly Tensor[],
  dims: readonly Expression[],
  solve: Solve,
): GraphValue | undefined {
  const [first] = tensors as readonly [Tensor, ...Tensor[]];
  const { dtype } = first;
  if (dims.length !== 1 || (dtype !== "float32" && dtype !== "int32" && dtype !== "int64")) return undefined;
  const lists = tensors.map(({ data }) => Array.from(data, Number));
  const steps = lists.map(([a = 0, b = 0]) => b - a);
  const isArithmetic = lists.every((list, trace) =>
    list.every((value, at) => value === Math.fround((list[0] ?? 0) + at * (steps[trace] ?? 0))),
  );
  if (!isArithmetic) return undefined;
  const isWhole = dtype !== "float32";
  const start = solve(
    lists.map(([value = 0]) => value),
    isWhole,
  );
  const step = solve(steps, isWhole);
  const limit = solve(
    lists.map((list, trace) => (list[0] ?? 0) + list.length * (steps[trace] ?? 0)),
    isWhole,
  );
  if (start === undefined || step === undefined || limit === undefined) return undefined;
  const scalar = (element: Expression): GraphValue => ({
    dtype,
    dims: [],
    source: { kind: "symbolic", elements: [element] },
  });
  return createValue(
    { op: "Range", inputs: [scalar(start), scalar(limit), scalar(step)], scope: "", kernel: "range" },
    { dtype, dims },
  );
}

/**
 * ONNX Runtime adds the updates of ScatterND on several threads without a lock: where two of them meet in one place, one
 * may get lost. ScatterElements adds them in order.
 */
import { int64Tensor } from "@attune/onnx";
import {
  constantExpression,
  constantOf,
  type Expression,
  isUnknown,
  unknownExpression,
} from "../graph/expression.ts";
import { createValue, type GraphValue, type TracedGraph } from "../graph/graph.ts";
import { constantValue, shapeValue } from "../unify/constant.ts";
import { productOf } from "./dims.ts";
import { type Rule, rewrite } from "./rewrite.ts";

type Label = { readonly scope: string; readonly kernel: string };

/**
 * The graph without sums that hang on the number of threads. Slower by an order of magnitude for large tables, so
 * whoever can do without scattered sums takes them out before.
 */
export function makeDeterministic(graph: TracedGraph): TracedGraph {
  return rewrite(graph, [addInOrder]);
}

/**
 * ScatterND-add at `indices [..., k]` → ScatterElements-add of rows: the first k axes of the data become one, and the
 * place of a row on it is repeated for each of its elements.
 */
const addInOrder: Rule = ({ op, inputs, outputs, attributes: { reduction }, scope, kernel }) => {
  const [data, indices, updates] = inputs;
  const [y] = outputs;
  if (op !== "ScatterND" || reduction !== "add" || y === undefined) return undefined;
  if (data === undefined || indices === undefined || updates === undefined) return undefined;
  const depth = constantOf(indices.dims.at(-1) as Expression);
  if (depth === undefined || depth === 0) return undefined;
  const label = { scope, kernel };
  const rows = flatten(data, depth, label);
  const added = flatten(updates, indices.dims.length - 1, label);
  const column = placesOf(data, flatten(indices, indices.dims.length - 1, label), depth, label);
  const places = createValue(
    { op: "Expand", inputs: [column, sizesOf(added, label)], ...label },
    { dtype: "int64", dims: added.dims },
  );
  const sums = createValue(
    {
      op: "ScatterElements",
      inputs: [rows, places, added],
      attributes: { axis: 0, reduction: "add" },
      ...label,
    },
    { dtype: y.dtype, dims: rows.dims },
  );
  if (rows === data) return [sums];
  // A size of 0 is one, not "as it is".
  const attributes = { allowzero: 1 };
  return [createValue({ op: "Reshape", inputs: [sums, sizesOf(data, label)], attributes, ...label }, y)];
};

/** As a matrix: axes before `axis`, axes from it on. */
function flatten(x: GraphValue, axis: number, label: Label): GraphValue {
  if (x.dims.length === 2 && axis === 1) return x;
  return createValue(
    { op: "Flatten", inputs: [x], attributes: { axis }, ...label },
    { dtype: x.dtype, dims: [sizeOf(x.dims.slice(0, axis)), sizeOf(x.dims.slice(axis))] },
  );
}

function sizeOf(dims: readonly Expression[]): Expression {
  return productOf(dims) ?? unknownExpression("flat");
}

/** `indices [count, depth]` → `[count, 1]`: (i₀ · d₁ + i₁) · d₂ + i₂ … */
function placesOf(data: GraphValue, indices: GraphValue, depth: number, label: Label): GraphValue {
  if (depth === 1) return indices;
  const [count] = indices.dims as [Expression];
  const type = { dtype: "int64", dims: [count, constantExpression(1)] } as const;
  const column = (at: number) =>
    createValue(
      {
        op: "Gather",
        inputs: [indices, constantValue(int64Tensor([at]))],
        attributes: { axis: 1 },
        ...label,
      },
      type,
    );
  let places = column(0);
  for (let axis = 1; axis < depth; axis++) {
    const size = sizesOf(data, label, axis);
    const first = createValue({ op: "Mul", inputs: [places, size], ...label }, type);
    places = createValue({ op: "Add", inputs: [first, column(axis)], ...label }, type);
  }
  return places;
}

/** The shape of x, or one size of it, as a vector; read off x only where no formula gives it. */
function sizesOf(x: GraphValue, label: Label, axis?: number): GraphValue {
  const dims = axis === undefined ? x.dims : x.dims.slice(axis, axis + 1);
  if (!dims.some(isUnknown)) return shapeValue(dims);
  const attributes = axis === undefined ? {} : { start: axis, end: axis + 1 };
  const type = { dtype: "int64", dims: [constantExpression(dims.length)] } as const;
  return createValue({ op: "Shape", inputs: [x], attributes, ...label }, type);
}

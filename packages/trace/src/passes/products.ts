/** Products of several values, taken apart by what they vary over. */
import { constantExpression, constantOf, type Expression } from "../graph/expression.ts";
import { createValue, type GraphNode, type GraphValue } from "../graph/graph.ts";
import { shapeValue } from "../unify/constant.ts";
import { centredRows, isColumnOf, isRowOf } from "./last-axis.ts";
import { producer, sameShape } from "./rewrite.ts";

export type Label = Pick<GraphNode, "scope" | "kernel">;

/** `value = Π whole · Π rows · Π columns`. */
export interface ProductParts {
  /** Factors of the value's shape. */
  readonly whole: readonly GraphValue[];
  /** Factors with one number for each place in a row. */
  readonly rows: readonly GraphValue[];
  /** Factors with one number for each row. */
  readonly columns: readonly GraphValue[];
}

/** Products within products that are looked through. */
const maxDepth = 8;

/** The factors of a product of products; of any other value, the value itself. Looks behind reshapes that keep rows. */
export function partsOf(value: GraphValue, label: Label, depth = maxDepth): ProductParts {
  const parts = behindRows(value, label, depth) ?? factorsOf(value, label, depth);
  return parts ?? { whole: [value], rows: [], columns: [] };
}

function factorsOf(value: GraphValue, label: Label, depth: number): ProductParts | undefined {
  const product = depth === 0 ? undefined : producer(value, "Mul");
  const parts = (product?.inputs ?? []).map((factor): ProductParts | undefined => {
    if (factor === undefined) return undefined;
    if (sameShape(factor.dims, value.dims)) return partsOf(factor, label, depth - 1);
    if (isColumnOf(factor, value)) return { whole: [], rows: [], columns: [factor] };
    return isRowOf(factor, value) ? { whole: [], rows: [factor], columns: [] } : undefined;
  });
  const [a, b] = parts;
  if (a === undefined || b === undefined) return undefined;
  return {
    // One order, so that products of the same factors are one node.
    whole: [...a.whole, ...b.whole].sort((one, other) => Number(isCentred(one)) - Number(isCentred(other))),
    rows: [...a.rows, ...b.rows],
    columns: [...a.columns, ...b.columns],
  };
}

function behindRows(value: GraphValue, label: Label, depth: number): ProductParts | undefined {
  const inner = producer(value, "Reshape")?.inputs[0];
  if (inner === undefined || !sameShape(inner.dims.slice(-1), value.dims.slice(-1))) return undefined;
  const parts = factorsOf(inner, label, depth);
  const column = [...value.dims.slice(0, -1), constantExpression(1)];
  return (
    parts && {
      whole: parts.whole.map((factor) => reshape(factor, value.dims, label)),
      rows: parts.rows,
      columns: parts.columns.map((factor) => reshape(factor, column, label)),
    }
  );
}

function isCentred(value: GraphValue): boolean {
  return centredRows(value) !== undefined;
}

/** Factors of one shape, or that broadcast to the first, multiplied from left to right. */
export function multiply(factors: readonly GraphValue[], label: Label): GraphValue | undefined {
  const [first, ...others] = factors;
  return others.reduce<GraphValue | undefined>(
    (product, factor) => product && createValue({ op: "Mul", inputs: [product, factor], ...label }, product),
    first,
  );
}

export function reshape(value: GraphValue, dims: readonly Expression[], label: Label): GraphValue {
  if (sameShape(value.dims, dims)) return value;
  const x = producer(value, "Reshape")?.inputs[0] ?? value;
  if (sameShape(x.dims, dims)) return x;
  const sizes = dims.map(constantOf);
  if (x.source.kind === "constant" && sizes.every((size) => size !== undefined)) {
    return { ...x, dims, source: { ...x.source, tensor: { ...x.source.tensor, dims: sizes } } };
  }
  return createValue(
    { op: "Reshape", inputs: [x, shapeValue(dims)], ...label },
    { dtype: value.dtype, dims },
  );
}

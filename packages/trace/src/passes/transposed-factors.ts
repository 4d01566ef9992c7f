/** Products that read a large factor column by column, such as the gradient xᵀ·dy of weights. */
import { constantExpression, constantOf, type Expression } from "../graph/expression.ts";
import { createValue, type GraphValue, type NodeDraft, type TracedGraph } from "../graph/graph.ts";
import { shapeValue } from "../unify/constant.ts";
import { type Rule, rewrite } from "./rewrite.ts";

/**
 * Gemm with transA → a product with a transposed copy of A, where that is faster: packing a factor column by column
 * takes ONNX Runtime longer than a copy. To be called last: other rules would take the copies back.
 */
export function copyTransposedFactors(graph: TracedGraph): TracedGraph {
  return rewrite(graph, [readRows, copyFactor]);
}

/**
 * c · (Aᵀ · column) → (c · row · A)ᵀ, which needs no copy: column and row are the same numbers. Without a number c ONNX
 * Runtime does that by itself; with one it takes three times as long from 64 rows of 64 on.
 */
const readRows: Rule = ({ op, inputs, outputs, attributes, scope, kernel }) => {
  const [a, column, c] = inputs;
  const [y] = outputs;
  const { alpha = 1 } = attributes;
  if (!isThin(y) || op !== "Gemm" || attributes.transA !== 1 || attributes.transB === 1) return undefined;
  if (a === undefined || column === undefined || c !== undefined || alpha === 1) return undefined;
  const label = { scope, kernel };
  const step = (draft: Pick<NodeDraft, "op" | "inputs" | "attributes">, dims: readonly Expression[]) =>
    createValue({ ...draft, ...label }, { dtype: y.dtype, dims });
  const rowDims = column.dims.toReversed();
  const row = step({ op: "Reshape", inputs: [column, shapeValue(rowDims)] }, rowDims);
  const product = step({ op: "Gemm", inputs: [row, a], attributes: { alpha } }, y.dims.toReversed());
  return [step({ op: "Reshape", inputs: [product, shapeValue(y.dims)] }, y.dims)];
};

function isThin(y: GraphValue | undefined): y is GraphValue {
  const width = y?.dims[1];
  return width !== undefined && constantOf(width) === 1;
}

const copyFactor: Rule = ({ op, inputs, outputs, attributes, scope, kernel }) => {
  const [a, b, c] = inputs;
  const [y] = outputs;
  const { transA, transB, ...others } = attributes;
  if (op !== "Gemm" || transA !== 1 || transB === 1 || y === undefined || isThin(y)) return undefined;
  if (a === undefined || b === undefined || !isLarge(a, y)) return undefined;
  const copy = transposedCopy(a, { scope, kernel });
  const isPlain = c === undefined && (others.alpha ?? 1) === 1;
  return isPlain
    ? [createValue({ op: "MatMul", inputs: [copy, b], scope, kernel }, y)]
    : [createValue({ op, inputs: [copy, b, c], attributes: others, scope, kernel }, y)];
};

/** Measured in ONNX Runtime 1.30: from some millions of products on a copy saves a tenth of the time, up to a quarter. */
function isLarge(a: GraphValue, y: GraphValue): boolean {
  const [rows] = a.dims as [Expression];
  const [height = 0, width = 0] = y.dims.map(constantOf);
  // How many rows a batch has is known later: taken for 64 of each size that is open.
  const count = constantOf(rows) ?? rows.coefficient * 64 ** rows.symbols.length;
  return count >= 64 && count * height * width >= 2 ** 22;
}

/** Through rank 3, where ONNX Runtime does not take the transpose for a part of the product. */
function transposedCopy(
  a: GraphValue,
  label: { readonly scope: string; readonly kernel: string },
): GraphValue {
  const [rows, columns] = a.dims as [Expression, Expression];
  const one = constantExpression(1);
  const { dtype } = a;
  const step = (op: string, dims: readonly Expression[], inputs: GraphValue[], attributes = {}) =>
    createValue({ op, inputs, attributes, ...label }, { dtype, dims });
  const lifted = [one, rows, columns];
  const wide = step("Reshape", lifted, [a, shapeValue(lifted)]);
  const turned = step("Transpose", [one, columns, rows], [wide], { perm: [0, 2, 1] });
  return step("Reshape", [columns, rows], [turned, shapeValue([columns, rows])]);
}

/** Sums of columns, such as the gradient of a bias. */
import { float32Tensor } from "@attune/onnx";
import { constantOf, type Expression } from "../graph/expression.ts";
import { createValue, type GraphValue } from "../graph/graph.ts";
import { constantValue, shapeValue } from "../unify/constant.ts";
import { productOf } from "./dims.ts";
import { type Label, multiply, partsOf, reshape } from "./products.ts";
import { constantTensor, type Rule } from "./rewrite.ts";

/**
 * ReduceSum over the leading axes → a row of ones times the matrix. For few columns, or few rows, ONNX Runtime's product
 * takes half the time of its sum; both read the matrix once. Numbers of whole rows in x take the place of the ones.
 */
const sumByProduct: Rule = ({ op, inputs, outputs, scope, kernel }, { uses }) => {
  const [x, axes] = inputs;
  const [y] = outputs;
  if (op !== "ReduceSum" || x === undefined || y === undefined || x.dtype !== "float32") return undefined;
  const label = { scope, kernel };
  const count = leadingAxes(axes, x.dims.length);
  const rows = count === undefined ? undefined : productOf(x.dims.slice(0, count));
  const columns = productOf(x.dims.slice(count));
  if (count === undefined || rows === undefined || columns === undefined) return undefined;
  const weighted = count === x.dims.length - 1 && uses(x) === 1 ? weightedRows(x, rows, label) : undefined;
  if (weighted === undefined && !isFaster(rows, columns)) return undefined;
  const { weights, matrix } = weighted ?? { weights: ones(rows, label), matrix: x };
  const sums = createValue(
    { op: "MatMul", inputs: [weights, reshape(matrix, [rows, columns], label)], ...label },
    { dtype: "float32", dims: [columns] },
  );
  return [reshape(sums, y.dims, label)];
};

/** x as numbers of its rows `[rows]` times a matrix. */
function weightedRows(x: GraphValue, rows: Expression, label: Label) {
  const parts = partsOf(x, label);
  const [matrix, column] = [multiply(parts.whole, label), multiply(parts.columns, label)];
  if (matrix === undefined || column === undefined || parts.rows.length > 0) return undefined;
  return { weights: reshape(column, [rows], label), matrix };
}

function ones(count: Expression, label: Label): GraphValue {
  const inputs = [constantValue(float32Tensor([1], [1])), shapeValue([count])];
  return createValue({ op: "Expand", inputs, ...label }, { dtype: "float32", dims: [count] });
}

/** How many, where the axes are 0, 1, 2, … but not all of them. */
function leadingAxes(axes: GraphValue | undefined, rank: number): number | undefined {
  const tensor = constantTensor(axes);
  if (tensor === undefined) return undefined;
  const list = Array.from(tensor.data, Number);
  const sorted = list.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  const isLeading = sorted.length > 0 && sorted.length < rank && sorted.every((axis, at) => axis === at);
  return isLeading ? sorted.length : undefined;
}

/** Measured in ONNX Runtime 1.30: its sum is slow up to 256 rows, and reads more at a time of long rows than of short ones. */
function isFaster(rows: Expression, columns: Expression): boolean {
  const height = constantOf(rows) ?? Number.POSITIVE_INFINITY;
  const width = constantOf(columns) ?? Number.POSITIVE_INFINITY;
  return height >= 32 && width > 1 && (width <= 128 || height <= 256);
}

export const columnSumRules: readonly Rule[] = [sumByProduct];

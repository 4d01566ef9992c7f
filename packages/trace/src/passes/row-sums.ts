/** Sums of rows: numbers that the whole row shares are multiplied in afterwards, on one number in place of a row. */
import { float32Tensor } from "@attune/onnx";
import { constantExpression } from "../graph/expression.ts";
import { createValue, type GraphNode, type GraphValue } from "../graph/graph.ts";
import { constantValue, shapeValue } from "../unify/constant.ts";
import { productOf } from "./dims.ts";
import { centredRows, isOverLastAxis } from "./last-axis.ts";
import { isUpdate } from "./phase.ts";
import { type Label, multiply, partsOf, reshape } from "./products.ts";
import { producer, type Rule, sameShape, uniformNumber } from "./rewrite.ts";

/** Σ over the last axis of floats, of at least two axes. */
function isRowSum({ op, inputs: [x], scope }: GraphNode): boolean {
  return op === "ReduceSum" && x?.dtype === "float32" && x.dims.length > 1 && !isUpdate({ scope });
}

/** Σ a · column → column · Σ a, and Σ a · row → the product of matrices a · rowᵀ. */
const takeFactorsOut: Rule = (node, { uses }) => {
  const { inputs, outputs, attributes, scope, kernel } = node;
  const [x, axes] = inputs;
  const [y] = outputs;
  if (x === undefined || y === undefined || !isRowSum(node) || !isOverLastAxis(node)) return undefined;
  const label = { scope, kernel };
  const { whole, rows, columns } = partsOf(x, label);
  if (whole.length === 0 || rows.length + columns.length === 0) return undefined;
  // What is there anyway is not computed again with other factors.
  if (whole.length > 1 && uses(x) > 1) return undefined;
  const product = multiply(whole, label) as GraphValue;
  const row = multiply(rows, label);
  const sums =
    row === undefined
      ? createValue({ op: "ReduceSum", inputs: [product, axes], attributes, ...label }, y)
      : sumByProduct(product, row, y, label);
  return (
    sums && [multiply([sums, ...columns.map((column) => reshape(column, y.dims, label))], label) ?? sums]
  );
};

/** `[n, d]` times `[d, 1]`. */
function sumByProduct(x: GraphValue, row: GraphValue, y: GraphValue, label: Label): GraphValue | undefined {
  const [size] = x.dims.slice(-1);
  const count = productOf(x.dims.slice(0, -1));
  if (size === undefined || count === undefined) return undefined;
  const one = constantExpression(1);
  const factors = [reshape(x, [count, size], label), reshape(row, [size, one], label)];
  const sums = createValue(
    { op: "MatMul", inputs: factors, ...label },
    { dtype: y.dtype, dims: [count, one] },
  );
  return reshape(sums, y.dims, label);
}

/** Σ (x − mean) · column is 0, and Σ (a + b) is Σ a where Σ b is 0. */
const dropCentred: Rule = (node) => {
  const { inputs, outputs, attributes, scope, kernel } = node;
  const [x, axes] = inputs;
  const [y] = outputs;
  if (x === undefined || y === undefined || !isRowSum(node) || !isOverLastAxis(node)) return undefined;
  const label = { scope, kernel };
  if (isSumZero(x, label)) return [zeros(y, label)];
  const terms = producer(x, "Add")?.inputs ?? [];
  for (const [at, term] of terms.entries()) {
    const other = terms[1 - at];
    if (term === undefined || other === undefined || !isSumZero(term, label)) continue;
    if (!sameShape(term.dims, x.dims) || !sameShape(other.dims, x.dims)) continue;
    return [createValue({ op: "ReduceSum", inputs: [other, axes], attributes, ...label }, y)];
  }
  return undefined;
};

function isSumZero(value: GraphValue, label: Label): boolean {
  const { whole, rows } = partsOf(value, label);
  const [only] = whole;
  return whole.length === 1 && rows.length === 0 && centredRows(only) !== undefined;
}

function zeros(type: GraphValue, label: Label): GraphValue {
  const one = constantValue(
    float32Tensor(
      [0],
      type.dims.map(() => 1),
    ),
  );
  return createValue({ op: "Expand", inputs: [one, shapeValue(type.dims)], ...label }, type);
}

/** −0, c · 0, 0 in another shape. */
const keepZero: Rule = ({ op, inputs, outputs, scope, kernel }) => {
  const [y] = outputs;
  if (y?.dtype !== "float32" || !["Neg", "Reshape", "Mul"].includes(op)) return undefined;
  const numbers = (op === "Mul" ? inputs : inputs.slice(0, 1)).map(uniformNumber);
  const isZero = numbers.includes(0) && numbers.every((number) => Number.isFinite(number));
  return isZero ? [zeros(y, { scope, kernel })] : undefined;
};

export const rowSumRules: readonly Rule[] = [dropCentred, takeFactorsOut, keepZero];

/** Numbers of the rows times numbers of the places in a row: a product of matrices, before they meet a whole matrix. */
import { constantExpression, constantOf, type Expression } from "../graph/expression.ts";
import { createValue, type GraphValue } from "../graph/graph.ts";
import { productOf } from "./dims.ts";
import { isUpdate } from "./phase.ts";
import { multiply, partsOf, reshape } from "./products.ts";
import { producer, type Rule, sameShape } from "./rewrite.ts";

/** Below this many elements the passes over memory do not show. */
const fewElements = 16_384;

/**
 * (x · row) · column → x · (column ⊗ row). ONNX Runtime broadcasts row by row, which takes it twice as long as a product
 * of equal shapes; the outer product takes it less than half of that.
 */
const multiplyVectors: Rule = ({ op, inputs, outputs, scope, kernel }, { uses }) => {
  const [y] = outputs;
  if (op !== "Mul" || y?.dtype !== "float32" || isUpdate({ scope })) return undefined;
  const label = { scope, kernel };
  const { whole, rows, columns } = partsOf(y, label);
  const [x] = whole;
  const [row, column] = [multiply(rows, label), multiply(columns, label)];
  if (x === undefined || whole.length > 1 || row === undefined || column === undefined) return undefined;
  const count = productOf(y.dims.slice(0, -1));
  const [size] = y.dims.slice(-1);
  if (count === undefined || size === undefined || !isLarge(count, size)) return undefined;
  // What others use is there anyway.
  const inner = inputs.find((input) => input !== undefined && sameShape(input.dims, y.dims));
  if (inner === undefined || !isOwn(inner, uses)) return undefined;
  const one = constantExpression(1);
  const factors = [reshape(column, [count, one], label), reshape(row, [one, size], label)];
  const outer = createValue(
    { op: "MatMul", inputs: factors, ...label },
    { dtype: y.dtype, dims: [count, size] },
  );
  return [createValue({ op, inputs: [x, reshape(outer, y.dims, label)], ...label }, y)];
};

function isOwn(value: GraphValue, uses: (value: GraphValue) => number): boolean {
  if (uses(value) > 1) return false;
  const inner = producer(value, "Reshape")?.inputs[0];
  return inner === undefined || isOwn(inner, uses);
}

/** A count that is known later is taken for many. */
function isLarge(count: Expression, size: Expression): boolean {
  const elements = (constantOf(count) ?? Number.POSITIVE_INFINITY) * (constantOf(size) ?? 1);
  return elements >= fewElements;
}

export const outerProductRules: readonly Rule[] = [multiplyVectors];

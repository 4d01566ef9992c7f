/** Numbers beside columns, as ONNX Runtime reads them fast. */
import { constantExpression, constantOf } from "../graph/expression.ts";
import { createValue, type GraphValue } from "../graph/graph.ts";
import { constantTensor, type Rule, sameShape } from "./rewrite.ts";

const one = constantExpression(1);

const arithmetic = new Set(["Add", "Sub", "Mul", "Div", "Max", "Min", "Pow"]);

/**
 * column ∘ number → column ∘ number of the column's rank. Where a shape ends in 1 and the number has fewer axes, ONNX
 * Runtime 1.30 calls its loop once for each element: 65 µs in place of 4 for `[128, 50, 1]`.
 */
const raiseNumber: Rule = ({ op, inputs, outputs, attributes, scope, kernel }) => {
  const [y] = outputs;
  if (!arithmetic.has(op) || y === undefined || constantOf(y.dims.at(-1) ?? one) !== 1) return undefined;
  for (const [at, input] of inputs.entries()) {
    const column = inputs[1 - at];
    const tensor = constantTensor(input);
    if (input === undefined || column === undefined || tensor?.data.length !== 1) continue;
    if (!sameShape(column.dims, y.dims) || tensor.dims.length >= y.dims.length) continue;
    const raised: GraphValue = {
      dtype: input.dtype,
      dims: y.dims.map(() => one),
      source: { kind: "constant", tensor: { ...tensor, dims: y.dims.map(() => 1) }, name: "constant" },
    };
    const next = inputs.map((other, index) => (index === at ? raised : other));
    return [createValue({ op, inputs: next, attributes, scope, kernel }, y)];
  }
  return undefined;
};

export const columnConstantRules: readonly Rule[] = [raiseNumber];

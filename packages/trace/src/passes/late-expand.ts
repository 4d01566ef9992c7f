/** Broadcasts as late as possible: arithmetic happens on the small tensor. */

import { float32Tensor } from "@attune/onnx";
import { constantExpression } from "../graph/expression.ts";
import { createValue, type GraphNode, type GraphValue } from "../graph/graph.ts";
import { constantValue, shapeValue } from "../unify/constant.ts";
import { isNumber, producer, type Rule, sameShape, uniformNumber } from "./rewrite.ts";

const arithmetic = new Set(["Add", "Sub", "Mul", "Div"]);

/** x ∘ (a constant that is one number everywhere, of a larger shape) → Expand(x ∘ number). */
const shrinkConstant: Rule = ({ op, inputs, outputs, scope, kernel }) => {
  const [y] = outputs;
  if (!arithmetic.has(op) || y === undefined || y.dtype !== "float32") return undefined;
  for (const [at, input] of inputs.entries()) {
    const other = inputs[1 - at];
    const number = input === undefined || input.dims.length === 0 ? undefined : uniformNumber(input);
    if (number === undefined || other === undefined || uniformNumber(other) !== undefined) continue;
    const small = withNumber({ op, scope, kernel }, other, number, at);
    return [sameShape(small.dims, y.dims) ? small : expandTo(small, y, scope, kernel)];
  }
  return undefined;
};

/** x ∘ number, or number ∘ x where the number comes first; x itself where the number changes nothing. */
function withNumber(
  { op, scope, kernel }: Pick<GraphNode, "op" | "scope" | "kernel">,
  x: GraphValue,
  number: number,
  place: number,
): GraphValue {
  const isSymmetric = op === "Add" || op === "Mul";
  const neutral = op === "Add" || op === "Sub" ? 0 : 1;
  if (number === neutral && (isSymmetric || place === 1)) return x;
  const scalar = constantValue(float32Tensor([number], []));
  const inputs = place === 0 ? [scalar, x] : [x, scalar];
  return createValue({ op, inputs, scope, kernel }, { dtype: x.dtype, dims: x.dims });
}

/** Expand(x) ∘ scalar → Expand(x ∘ scalar). */
const operateFirst: Rule = ({ op, inputs, outputs, scope, kernel }) => {
  const [y] = outputs;
  if (!arithmetic.has(op) || y === undefined) return undefined;
  for (const [at, input] of inputs.entries()) {
    const small = producer(input, "Expand")?.inputs[0];
    const other = inputs[1 - at];
    if (input === undefined || small === undefined || other === undefined) continue;
    if (!isNumber(other) || small.dims.length !== y.dims.length) continue;
    const operands = at === 0 ? [small, other] : [other, small];
    const result = createValue({ op, inputs: operands, scope, kernel }, { dtype: y.dtype, dims: small.dims });
    return [expandTo(result, y, scope, kernel)];
  }
  return undefined;
};

/** One number for each number, whatever the shape. */
const unary = new Set(["Abs", "Exp", "Log", "Neg", "Reciprocal", "Sigmoid", "Sqrt", "Tanh"]);

/** f(Expand(x)) → Expand(f(x)). */
const applyFirst: Rule = ({ op, inputs, outputs, attributes, scope, kernel }) => {
  const [y] = outputs;
  const small = unary.has(op) ? producer(inputs[0], "Expand")?.inputs[0] : undefined;
  if (small === undefined || y === undefined) return undefined;
  const result = createValue(
    { op, inputs: [small], attributes, scope, kernel },
    { dtype: y.dtype, dims: small.dims },
  );
  return [expandTo(result, y, scope, kernel)];
};

function expandTo(value: GraphValue, type: GraphValue, scope: string, kernel: string): GraphValue {
  // Expand wants as many axes as it gives.
  const missing = type.dims.length - value.dims.length;
  const dims = [...Array.from({ length: missing }, () => constantExpression(1)), ...value.dims];
  const shaped =
    missing === 0
      ? value
      : createValue(
          { op: "Reshape", inputs: [value, shapeValue(dims)], scope, kernel },
          { dtype: value.dtype, dims },
        );
  return createValue({ op: "Expand", inputs: [shaped, shapeValue(type.dims)], scope, kernel }, type);
}

export const lateExpandRules: readonly Rule[] = [shrinkConstant, operateFirst, applyFirst];

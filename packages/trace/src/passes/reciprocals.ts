/** Quotients by what is a reciprocal itself become products. */
import { createValue, type GraphValue } from "../graph/graph.ts";
import { type Factored, scale } from "./factor.ts";
import { producer, type Rule, sameShape, uniformNumber } from "./rewrite.ts";

/** a / (1 / b) → a · b, also where the divisor is a product of reciprocals and of a power of 2. */
const multiplyInstead: Rule = ({ op, inputs, outputs, scope, kernel }) => {
  const [a, divisor] = inputs;
  const [y] = outputs;
  if (op !== "Div" || a === undefined || divisor === undefined || y === undefined) return undefined;
  const inverse = inverseOf(divisor, 8);
  if (inverse === undefined) return undefined;
  const product = createValue({ op: "Mul", inputs: [a, inverse.base], scope, kernel }, y);
  return [scale({ factor: inverse.factor, base: product }, { scope, kernel })];
};

/** @param depth - how many nodes are looked through. */
function inverseOf(value: GraphValue, depth: number): Factored | undefined {
  const original = producer(value, "Reciprocal")?.inputs[0];
  if (original !== undefined) return { factor: 1, base: original };
  const node = producer(value, "Reshape") ?? producer(value, "Mul");
  const [a, b] = node?.inputs ?? [];
  if (node === undefined || a === undefined || b === undefined || depth === 0) return undefined;
  const next = (factor: number, ...inputs: GraphValue[]) => ({
    factor,
    base: createValue({ ...node, inputs }, value),
  });
  const [first, second] = [a, b].map((input) => inverseOf(input, depth - 1));
  if (node.op === "Reshape") return first && next(first.factor, first.base, b);
  if (first && second) return next(first.factor * second.factor, first.base, second.base);
  const [inverse, whole, other] = first ? [first, a, b] : [second, b, a];
  const number = uniformNumber(other);
  const isExact = number !== undefined && Number.isInteger(Math.log2(Math.abs(number)));
  if (inverse === undefined || !isExact || !sameShape(whole.dims, value.dims)) return undefined;
  return { factor: inverse.factor / number, base: inverse.base };
}

export const reciprocalRules: readonly Rule[] = [multiplyInstead];

/** c·a + c·b → c·(a + b): the number is left over for a product or a sum that takes it for nothing. */
import { createValue, type GraphValue } from "../graph/graph.ts";
import { type Factored, factorOf, scale } from "./factor.ts";
import { isUpdate } from "./phase.ts";
import { producer, type Rule, type RuleContext, sameShape } from "./rewrite.ts";

const takeCommonFactor: Rule = ({ op, inputs, outputs, scope, kernel }, context) => {
  const [a, b] = inputs;
  const [y] = outputs;
  if ((op !== "Add" && op !== "Sub") || a === undefined || b === undefined || y === undefined)
    return undefined;
  if (isUpdate({ scope })) return undefined;
  const left = innerFactorOf(a, context);
  const right = innerFactorOf(b, context);
  // One multiplication over the whole tensor must go where one comes.
  const isWhole = [a, b].some((value) => factorOf(value) !== undefined && sameShape(value.dims, y.dims));
  if (left === undefined || right === undefined || !isWhole) return undefined;
  if (Math.abs(left.factor) !== Math.abs(right.factor)) return undefined;
  const isFlipped = left.factor !== right.factor;
  const base = createValue(
    { op: isFlipped === (op === "Add") ? "Sub" : "Add", inputs: [left.base, right.base], scope, kernel },
    y,
  );
  return [scale({ factor: left.factor, base }, { scope, kernel })];
};

/** A number that the value, or a factor of it, is multiplied by, where nothing else uses what is taken apart. */
function innerFactorOf(value: GraphValue, context: RuleContext): Factored | undefined {
  if (context.uses(value) > 1) return undefined;
  const own = factorOf(value);
  if (own !== undefined) return own;
  const product = producer(value, "Mul");
  for (const [at, input] of (product?.inputs ?? []).entries()) {
    const inner = input && innerFactorOf(input, context);
    if (product === undefined || inner === undefined) continue;
    const inputs = product.inputs.map((other, index) => (index === at ? inner.base : other));
    return { factor: inner.factor, base: createValue({ ...product, inputs }, value) };
  }
  return undefined;
}

export const commonFactorRules: readonly Rule[] = [takeCommonFactor];

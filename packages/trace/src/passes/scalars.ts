/** Multiplications by numbers: several become one, on the smallest tensor they can be done on. */
import { createValue, type GraphValue } from "../graph/graph.ts";
import { factorOf, isModest, scale } from "./factor.ts";
import { isNumber, producer, type Rule, sameShape, uniformNumber } from "./rewrite.ts";

/** c₁ · (c₂ · x) → (c₁c₂) · x. A quotient joins in only where it is exact as a product. */
const joinFactors: Rule = ({ op, outputs, scope, kernel }, { uses }) => {
  const [y] = outputs;
  const outer = factorOf(y);
  if (y === undefined || outer === undefined || !isExact(op, outer.factor)) return undefined;
  const inner = factorOf(outer.base);
  const innerOp = outer.base.source.kind === "node" ? outer.base.source.node.op : "";
  // What others use is there anyway.
  if (inner === undefined || uses(outer.base) > 1 || !isExact(innerOp, inner.factor)) {
    return op === "Div" ? [scale(outer, { scope, kernel })] : undefined;
  }
  const factor = outer.factor * inner.factor;
  return isModest(factor) ? [scale({ factor, base: inner.base }, { scope, kernel })] : undefined;
};

/** Whether x / c is x · (1 / c) to the last bit. */
function isExact(op: string, factor: number): boolean {
  return op !== "Div" || Number.isInteger(Math.log2(Math.abs(factor)));
}

/** (x · number) · small → x · (small · number), where small is broadcast: one pass over the large tensor less. */
const scaleSmall: Rule = ({ op, inputs, outputs, scope, kernel }, { uses }) => {
  const [y] = outputs;
  if (op !== "Mul" || y === undefined || y.dtype !== "float32") return undefined;
  for (const [at, input] of inputs.entries()) {
    const small = inputs[1 - at];
    const product = producer(input, "Mul");
    if (input === undefined || small === undefined || product === undefined || uses(input) > 1) continue;
    if (!sameShape(input.dims, y.dims) || sameShape(small.dims, y.dims)) continue;
    const number = product.inputs.find((value) => value !== undefined && isNumber(value));
    const large = product.inputs.find((value) => value !== number);
    if (![number, small].every((value) => isModest(uniformNumber(value) ?? 1))) continue;
    if (number === undefined || large === undefined || !sameShape(large.dims, y.dims)) continue;
    if (number.dims.length > small.dims.length) continue;
    const scaled = createValue({ op, inputs: [small, number], scope, kernel }, small);
    return [createValue({ op, inputs: [large, scaled], scope, kernel }, y)];
  }
  return undefined;
};

/** Σ (c · x) → c · Σ x; means likewise. */
const scaleSum: Rule = ({ op, inputs, outputs, attributes, scope, kernel }) => {
  const [x, ...axes] = inputs;
  const [y] = outputs;
  const scaled = op === "ReduceSum" || op === "ReduceMean" ? factorOf(x) : undefined;
  if (scaled === undefined || y === undefined) return undefined;
  const base = createValue({ op, inputs: [scaled.base, ...axes], attributes, scope, kernel }, y);
  return [scale({ factor: scaled.factor, base }, { scope, kernel })];
};

/** a − (−b), a + (−b), (−a) + b, −(−a), −(a − b): one node each. */
const dropNegation: Rule = ({ op, inputs, outputs, scope, kernel }, { uses }) => {
  const [a, b] = inputs;
  const [y] = outputs;
  if (y === undefined || (op !== "Add" && op !== "Sub" && op !== "Neg")) return undefined;
  const make = (next: string, ...operands: (GraphValue | undefined)[]) => [
    createValue({ op: next, inputs: operands, scope, kernel }, y),
  ];
  if (op === "Neg") {
    const difference = producer(a, "Sub");
    const [left, right] = difference?.inputs ?? [];
    if (difference !== undefined && a !== undefined && uses(a) === 1) return make("Sub", right, left);
    const original = producer(a, "Neg")?.inputs[0];
    return original && [original];
  }
  const right = producer(b, "Neg")?.inputs[0];
  if (right !== undefined) return make(op === "Add" ? "Sub" : "Add", a, right);
  const left = op === "Add" ? producer(a, "Neg")?.inputs[0] : undefined;
  return left && make("Sub", b, left);
};

export const scalarRules: readonly Rule[] = [joinFactors, scaleSmall, scaleSum, dropNegation];

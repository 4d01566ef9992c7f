/** A value as a number times another value: what a product, a sum of rows or a matrix product can take over. */
import { float32Tensor } from "@attune/onnx";
import { createValue, type GraphNode, type GraphValue } from "../graph/graph.ts";
import { constantValue } from "../unify/constant.ts";
import { producer, sameShape, uniformNumber } from "./rewrite.ts";

export interface Factored {
  readonly factor: number;
  readonly base: GraphValue;
}

/** `value = factor · base` of the value's own shape, read off the node that makes it: x · c, x / c, −x. */
export function factorOf(value: GraphValue | undefined): Factored | undefined {
  if (value?.source.kind !== "node" || value.dtype !== "float32") return undefined;
  const { op, inputs } = value.source.node;
  const [a, b] = inputs;
  if (op === "Neg" && a !== undefined) return { factor: -1, base: a };
  if ((op !== "Mul" && op !== "Div") || a === undefined || b === undefined) return undefined;
  const [first, second] = [uniformNumber(a), uniformNumber(b)];
  if (second !== undefined && isModest(second) && sameShape(a.dims, value.dims)) {
    return { factor: op === "Mul" ? second : 1 / second, base: a };
  }
  const isProduct = op === "Mul" && first !== undefined && isModest(first) && sameShape(b.dims, value.dims);
  return isProduct ? { factor: first, base: b } : undefined;
}

/** `factorOf` as often as it goes, and behind reshapes. */
export function allFactorsOf(value: GraphValue | undefined): Factored | undefined {
  const own = factorOf(value);
  if (own !== undefined) {
    const inner = allFactorsOf(own.base);
    return joined(own, inner) ?? own;
  }
  const reshape = producer(value, "Reshape");
  const inner = reshape && allFactorsOf(reshape.inputs[0]);
  if (value === undefined || reshape === undefined || inner === undefined) return undefined;
  const base = createValue({ ...reshape, inputs: [inner.base, reshape.inputs[1]] }, value);
  return { factor: inner.factor, base };
}

function joined(outer: Factored, inner: Factored | undefined): Factored | undefined {
  if (inner === undefined) return undefined;
  const factor = outer.factor * inner.factor;
  return isModest(factor) ? { factor, base: inner.base } : undefined;
}

/** Products of such numbers neither overflow nor lose digits. */
export function isModest(factor: number): boolean {
  const size = Math.abs(factor);
  return size >= 2 ** -60 && size <= 2 ** 60;
}

/** factor · base; no node for a factor of 1. */
export function scale(
  { factor, base }: Factored,
  { scope, kernel }: Pick<GraphNode, "scope" | "kernel">,
): GraphValue {
  if (factor === 1) return base;
  if (factor === -1) return createValue({ op: "Neg", inputs: [base], scope, kernel }, base);
  const inputs = [base, constantValue(float32Tensor([factor], []))];
  return createValue({ op: "Mul", inputs, scope, kernel }, base);
}

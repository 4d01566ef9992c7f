/** MatMul of two matrices, with transposes, a number and a sum around it, is one Gemm. */
import { createValue, type GraphNode, type GraphValue } from "../graph/graph.ts";
import { shapeValue } from "../unify/constant.ts";
import { allFactorsOf, factorOf, isModest } from "./factor.ts";
import { isUpdate } from "./phase.ts";
import { producer, type Rule, type RuleContext, sameShape } from "./rewrite.ts";

/** A product of two matrices of floats. */
function isProduct({ op, inputs, outputs }: GraphNode): boolean {
  const isMatrix = inputs.slice(0, 2).every((factor) => factor?.dims.length === 2);
  return (op === "MatMul" || op === "Gemm") && isMatrix && outputs[0]?.dtype === "float32";
}

/** The product that makes the value, where nothing else needs it. */
function ownProduct(value: GraphValue | undefined, { uses }: RuleContext): GraphNode | undefined {
  const product = producer(value, "MatMul") ?? producer(value, "Gemm");
  const isOwn = product !== undefined && value !== undefined && uses(value) === 1;
  return isOwn && isProduct(product) ? product : undefined;
}

/** MatMul(Aᵀ, B) → Gemm with transA: no copy of the transposed matrix. */
const foldTransposes: Rule = (node) => {
  const { inputs, outputs, attributes, scope, kernel } = node;
  const [y] = outputs;
  if (y === undefined || !isProduct(node)) return undefined;
  const left = producer(inputs[0], "Transpose");
  const right = producer(inputs[1], "Transpose");
  if (left === undefined && right === undefined) return undefined;
  const flip = (name: string, isFlipped: boolean) => Number(Boolean(attributes[name]) !== isFlipped);
  return [
    createValue(
      {
        op: "Gemm",
        inputs: [left?.inputs[0] ?? inputs[0], right?.inputs[0] ?? inputs[1], ...inputs.slice(2)],
        attributes: {
          ...attributes,
          transA: flip("transA", left !== undefined),
          transB: flip("transB", right !== undefined),
        },
        scope,
        kernel,
      },
      y,
    ),
  ];
};

/** (c · A) · B → Gemm with alpha. */
const foldFactor: Rule = (node) => {
  const { inputs, outputs, scope, kernel } = node;
  const [y] = outputs;
  if (y === undefined || !isProduct(node)) return undefined;
  for (const [at, input] of inputs.slice(0, 2).entries()) {
    const scaled = allFactorsOf(input);
    const attributes = scaled && multiplyAlpha(node, scaled.factor);
    if (scaled === undefined || attributes === undefined) continue;
    const next = inputs.map((other, index) => (index === at ? scaled.base : other));
    return [createValue({ op: "Gemm", inputs: next, attributes, scope, kernel }, y)];
  }
  return undefined;
};

/** c · (A · B) → Gemm with alpha. */
const scaleProduct: Rule = ({ outputs, scope }, context) => {
  const [y] = outputs;
  const scaled = factorOf(y);
  const product = ownProduct(scaled?.base, context);
  if (y === undefined || scaled === undefined || product === undefined || isUpdate({ scope }))
    return undefined;
  const { inputs, kernel } = product;
  const attributes = inputs[2] === undefined ? multiplyAlpha(product, scaled.factor) : undefined;
  return attributes && [createValue({ op: "Gemm", inputs, attributes, scope: product.scope, kernel }, y)];
};

function multiplyAlpha({ attributes }: GraphNode, factor: number): GraphNode["attributes"] | undefined {
  const alpha = Number(attributes.alpha ?? 1) * factor;
  return isModest(alpha) ? { ...attributes, alpha } : undefined;
}

/** Product + row, or + a matrix of its shape → Gemm with it as C, where nothing else needs the product. */
const foldSum: Rule = ({ op, inputs, outputs, scope }, context) => {
  const [y] = outputs;
  if (op !== "Add" || y === undefined || isUpdate({ scope })) return undefined;
  for (const [at, input] of inputs.entries()) {
    const product = ownProduct(input, context);
    const added = inputs[1 - at];
    if (input === undefined || product === undefined || added === undefined) continue;
    if (canAdd(product, added) && sameShape(input.dims, y.dims)) return [addTo(product, added, scope)];
  }
  return undefined;
};

/** Reshape(product) + x → Reshape(Gemm with Reshape(x) as C). */
const foldReshapedSum: Rule = ({ op, inputs, outputs, scope, kernel }, context) => {
  const [y] = outputs;
  if (op !== "Add" || y === undefined || isUpdate({ scope })) return undefined;
  for (const [at, input] of inputs.entries()) {
    const reshape = producer(input, "Reshape");
    const matrix = reshape?.inputs[0];
    const product = ownProduct(matrix, context);
    const added = inputs[1 - at];
    if (matrix === undefined || product === undefined || added === undefined) continue;
    if (context.uses(input as GraphValue) > 1 || !sameShape(added.dims, y.dims)) continue;
    const flat = { op: "Reshape", inputs: [added, shapeValue(matrix.dims)], scope, kernel };
    const rows = createValue(flat, matrix);
    if (!canAdd(product, rows)) continue;
    const inputsOfY = [addTo(product, rows, scope), reshape?.inputs[1]];
    return [createValue({ op: "Reshape", inputs: inputsOfY, scope, kernel }, y)];
  }
  return undefined;
};

function canAdd({ inputs, outputs: [y] }: GraphNode, added: GraphValue): boolean {
  if (inputs[2] !== undefined || y === undefined || added.dtype !== "float32") return false;
  return added.dims.length === 1 || sameShape(added.dims, y.dims);
}

function addTo(
  { inputs, attributes, kernel, outputs }: GraphNode,
  added: GraphValue,
  scope: string,
): GraphValue {
  const [y] = outputs as readonly [GraphValue];
  return createValue({ op: "Gemm", inputs: [inputs[0], inputs[1], added], attributes, scope, kernel }, y);
}

export const gemmRules: readonly Rule[] = [
  foldTransposes,
  foldFactor,
  scaleProduct,
  foldSum,
  foldReshapedSum,
];

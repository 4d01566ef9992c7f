/** MatMul of two matrices, with transposes and a bias around it, is one Gemm. */
import { createValue, type GraphNode, type GraphValue } from "../graph/graph.ts";
import { producer, type Rule } from "./rewrite.ts";

/** MatMul(Aᵀ, B) → Gemm with transA: no copy of the transposed matrix. */
const foldTransposes: Rule = ({ op, inputs, outputs, attributes, scope, kernel }) => {
  const [a, b] = inputs;
  const [y] = outputs;
  if ((op !== "MatMul" && op !== "Gemm") || a === undefined || b === undefined || y === undefined)
    return undefined;
  if (a.dims.length !== 2 || b.dims.length !== 2 || y.dtype !== "float32") return undefined;
  const left = producer(a, "Transpose");
  const right = producer(b, "Transpose");
  if (left === undefined && right === undefined) return undefined;
  const flip = (name: string, isFlipped: boolean) => Number(Boolean(attributes[name]) !== isFlipped);
  return [
    createValue(
      {
        op: "Gemm",
        inputs: [left?.inputs[0] ?? a, right?.inputs[0] ?? b, ...inputs.slice(2)],
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

/** MatMul + row → Gemm with the row as C, where nothing else needs the product. */
const foldBias: Rule = ({ op, inputs, outputs, scope }, { uses }) => {
  const [y] = outputs;
  if (op !== "Add" || y === undefined || y.dims.length !== 2) return undefined;
  for (const [at, input] of inputs.entries()) {
    const product = producer(input, "MatMul") ?? producer(input, "Gemm");
    const bias = inputs[1 - at];
    if (input === undefined || product === undefined || bias === undefined) continue;
    if (!canTakeBias(product, bias) || uses(input) > 1) continue;
    const { inputs: factors, attributes, kernel } = product;
    return [
      createValue({ op: "Gemm", inputs: [factors[0], factors[1], bias], attributes, scope, kernel }, y),
    ];
  }
  return undefined;
};

function canTakeBias(product: GraphNode, bias: GraphValue): boolean {
  const isMatrix = product.inputs.slice(0, 2).every((factor) => factor?.dims.length === 2);
  const isFree = product.inputs[2] === undefined;
  return isMatrix && isFree && bias.dtype === "float32" && bias.dims.length === 1;
}

export const gemmRules: readonly Rule[] = [foldTransposes, foldBias];

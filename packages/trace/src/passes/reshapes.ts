/**
 * Reshapes move behind elementwise ops, where they meet the next one and cancel: tfjs wraps each product of matrices in
 * reshapes to rank 3 and back.
 */
import { constantOf, type Expression } from "../graph/expression.ts";
import { createValue, type GraphValue } from "../graph/graph.ts";
import { foldTranspose } from "./constant-transpose.ts";
import { constantTensor, producer, type Rule, sameShape } from "./rewrite.ts";

/** One result for each element, whatever the shape. */
const elementwise = new Set([
  ...["Abs", "Ceil", "Cos", "Erf", "Exp", "Floor", "Log", "Neg", "Not", "Reciprocal", "Round", "Sign", "Sin"],
  ...["Sqrt", "Tanh", "Sigmoid", "Relu", "LeakyRelu", "Elu", "Selu", "Celu", "HardSwish", "HardSigmoid"],
  ...["Softplus", "Softsign", "ThresholdedRelu", "Mish", "Gelu", "Clip", "Cast", "Add", "Sub", "Mul", "Div"],
  ...["Pow", "Max", "Min", "Where", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or"],
]);

/** f(Reshape(a), Reshape(b), row) → Reshape(f(a, b, row)), where a and b are of one shape, whose rows stay rows. */
const sinkReshape: Rule = ({ op, inputs, outputs, attributes, scope, kernel }) => {
  const [y] = outputs;
  if (!elementwise.has(op) || y === undefined) return undefined;
  const reshapes = inputs.map((input) =>
    input !== undefined && sameShape(input.dims, y.dims) ? producer(input, "Reshape") : undefined,
  );
  const first = reshapes.find((reshape) => reshape !== undefined);
  const dims = first?.inputs[0]?.dims;
  if (first === undefined || dims === undefined || y.source.kind !== "node") return undefined;
  const kept = countLastKept(dims, y.dims);
  const next: (GraphValue | undefined)[] = [];
  for (const [at, input] of inputs.entries()) {
    const inner = reshapes[at]?.inputs[0];
    const fits = inner !== undefined && sameShape(inner.dims, dims);
    if (!fits && input !== undefined && input.dims.length > kept) return undefined;
    next.push(fits ? inner : input);
  }
  const moved = createValue({ op, inputs: next, attributes, scope, kernel }, { dtype: y.dtype, dims });
  const shape = { attributes: first.attributes, inputs: [moved, first.inputs[1]] };
  return [createValue({ op: "Reshape", ...shape, scope, kernel }, y)];
};

/** How many of the last axes are the same in both shapes. */
function countLastKept(a: readonly Expression[], b: readonly Expression[]): number {
  let count = 0;
  while (count < a.length && count < b.length && sameShape(a.slice(-1 - count), b.slice(-1 - count))) count++;
  return count;
}

/** Reshape of a constant is a constant. */
const foldReshape: Rule = ({ op, inputs, outputs }) => {
  const [x] = inputs;
  const [y] = outputs;
  const tensor = constantTensor(x);
  const dims = y?.dims.map(constantOf);
  if (op !== "Reshape" || x?.source.kind !== "constant" || tensor === undefined) return undefined;
  if (y === undefined || !dims?.every((dim) => dim !== undefined)) return undefined;
  return [{ ...y, source: { kind: "constant", tensor: { ...tensor, dims }, name: x.source.name } }];
};

export const reshapeRules: readonly Rule[] = [foldTranspose, foldReshape, sinkReshape];

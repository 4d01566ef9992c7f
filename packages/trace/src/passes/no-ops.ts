/** Drops nodes that change nothing, and joins two that are one. */
import { constantExpression, constantOf, type Expression } from "../graph/expression.ts";
import { createValue, type GraphValue } from "../graph/graph.ts";
import { shapeValue } from "../unify/constant.ts";
import { constantTensor, producer, type Rule, sameShape, uniformNumber } from "./rewrite.ts";

/** Identity, and Cast, Reshape, Expand, Transpose to what the value already is. */
const dropUnchanged: Rule = ({ op, inputs, outputs, attributes }) => {
  const [x] = inputs;
  const [y] = outputs;
  if (x === undefined || y === undefined) return undefined;
  const isSame = x.dtype === y.dtype && sameShape(x.dims, y.dims);
  if (op === "Identity") return [x];
  if (op === "Cast" || op === "Reshape" || op === "Expand") return isSame ? [x] : undefined;
  if (op !== "Transpose") return undefined;
  const perm = attributes.perm as readonly number[];
  return perm.every((axis, at) => axis === at) ? [x] : undefined;
};

const reductions = new Set(["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd"]);

/** What is reduced over axes of size 1 alone keeps its numbers. */
const dropReduction: Rule = ({ op, inputs, outputs, scope, kernel }) => {
  const [x, axes] = inputs;
  const [y] = outputs;
  const list = Array.from(constantTensor(axes)?.data ?? [], Number);
  if (!reductions.has(op) || x === undefined || y === undefined || list.length === 0) return undefined;
  const isOne = list.every((axis) => {
    const dim = x.dims.at(axis);
    return dim !== undefined && constantOf(dim) === 1;
  });
  return isOne
    ? [createValue({ op: "Reshape", inputs: [x, shapeValue(y.dims)], scope, kernel }, y)]
    : undefined;
};

/** Reshape of a Reshape is one Reshape. */
const joinReshapes: Rule = ({ op, inputs, outputs, attributes, scope, kernel }) => {
  const inner = op === "Reshape" ? producer(inputs[0], "Reshape") : undefined;
  const [y] = outputs;
  if (inner === undefined || y === undefined) return undefined;
  // A 0 that stands for a size of the input would stand for another.
  const shape = attributes.allowzero === 1 ? undefined : constantTensor(inputs[1]);
  if (Array.from(shape?.data ?? [], Number).includes(0)) return undefined;
  return [createValue({ op, inputs: [inner.inputs[0], inputs[1]], attributes, scope, kernel }, y)];
};

/** Transpose of a Transpose is one Transpose. */
const joinTransposes: Rule = ({ op, inputs, outputs, attributes, scope, kernel }) => {
  const inner = op === "Transpose" ? producer(inputs[0], "Transpose") : undefined;
  const [y] = outputs;
  if (inner === undefined || y === undefined) return undefined;
  const first = inner.attributes.perm as readonly number[];
  const perm = (attributes.perm as readonly number[]).map((axis) => first[axis] ?? axis);
  return [createValue({ op, inputs: [inner.inputs[0]], attributes: { perm }, scope, kernel }, y)];
};

const neutral: Readonly<Record<string, { readonly number: number; readonly isSymmetric: boolean }>> = {
  Add: { number: 0, isSymmetric: true },
  Sub: { number: 0, isSymmetric: false },
  Mul: { number: 1, isSymmetric: true },
  Div: { number: 1, isSymmetric: false },
};

/** x + 0, x − 0, x · 1, x / 1. */
const dropNeutral: Rule = ({ op, inputs, outputs }) => {
  const entry = neutral[op];
  const [a, b] = inputs;
  const [y] = outputs;
  if (entry === undefined || a === undefined || b === undefined || y === undefined) return undefined;
  if (uniformNumber(b) === entry.number && sameShape(a.dims, y.dims)) return [a];
  if (entry.isSymmetric && uniformNumber(a) === entry.number && sameShape(b.dims, y.dims)) return [b];
  return undefined;
};

/** Ops that broadcast by themselves. */
const broadcasting = new Set([
  ...["Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Where", "Mod", "PRelu", "And", "Or", "Xor"],
  ...["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"],
]);

/** An operand need not be expanded where the others give the shape already. */
const dropExpand: Rule = ({ op, inputs, outputs, attributes, scope, kernel }) => {
  const [y] = outputs;
  if (!broadcasting.has(op) || y === undefined) return undefined;
  for (const [at, input] of inputs.entries()) {
    const small = producer(input, "Expand")?.inputs[0];
    if (small === undefined) continue;
    const others = inputs.filter((other, index) => index !== at && other !== undefined) as GraphValue[];
    if (!sameShape(broadcast([small, ...others], y.dims.length), y.dims)) continue;
    const next = inputs.map((other, index) => (index === at ? small : other));
    return [createValue({ op, inputs: next, attributes, scope, kernel }, y)];
  }
  return undefined;
};

/** Shape of a broadcast that is known to be possible: the dim that is not 1 wins. */
function broadcast(values: readonly GraphValue[], rank: number): Expression[] {
  return Array.from({ length: rank }, (_, axis) => {
    const dims = values.flatMap(({ dims }) => dims[axis - rank + dims.length] ?? []);
    return dims.find((dim) => constantOf(dim) !== 1) ?? constantExpression(1);
  });
}

export const noOpRules: readonly Rule[] = [
  dropUnchanged,
  dropReduction,
  joinReshapes,
  joinTransposes,
  dropNeutral,
  dropExpand,
];

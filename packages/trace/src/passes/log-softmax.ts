/** x − log Σ eˣ, as tf.logSoftmax and tf.losses.softmaxCrossEntropy compose it, is LogSoftmax. */
import { constantOf } from "../graph/expression.ts";
import { createValue, type GraphNode, type GraphValue } from "../graph/graph.ts";
import { behindReshape, isOverLastAxis } from "./last-axis.ts";
import { producer, type Rule, sameShape } from "./rewrite.ts";

/** (x − max) − log Σ e^(x − max), or x − (max + log Σ e^(x − max)), over the last axis. */
const composeLogSoftmax: Rule = ({ op, inputs, outputs, scope, kernel }) => {
  const [a, b] = inputs;
  const [y] = outputs;
  if (op !== "Sub" || a === undefined || b === undefined || !sameShape(a.dims, y?.dims ?? []))
    return undefined;
  const x = shiftedBefore(a, b) ?? shiftedAfter(a, b);
  // What is subtracted is one number for each row, in the rows' own order.
  const rows = a.dims.map((dim, axis) => (axis === a.dims.length - 1 ? undefined : dim));
  const isColumn = b.dims.every((dim, axis) => {
    const row = rows[axis + rows.length - b.dims.length];
    return row === undefined ? constantOf(dim) === 1 : sameShape([dim], [row]);
  });
  if (x === undefined || y === undefined || !isColumn || b.dims.length !== a.dims.length) return undefined;
  const attributes = { axis: x.dims.length - 1 };
  return [createValue({ op: "LogSoftmax", inputs: [x], attributes, scope, kernel }, y)];
};

function shiftedBefore(shifted: GraphValue, logarithm: GraphValue): GraphValue | undefined {
  const [x, max] = producer(shifted, "Sub")?.inputs ?? [];
  const isLogSumExp = exponentOf(logarithm) === shifted && isMaxOf(max, x);
  return isLogSumExp ? x : undefined;
}

function shiftedAfter(x: GraphValue, logSumExp: GraphValue): GraphValue | undefined {
  const terms = behindReshape(logSumExp, "Add")?.inputs ?? [];
  for (const [at, logarithm] of terms.entries()) {
    const [start, max] = producer(exponentOf(logarithm), "Sub")?.inputs ?? [];
    const isShift = start === x && isMaxOf(max, x) && maxNode(max) === maxNode(terms[1 - at]);
    if (isShift) return x;
  }
  return undefined;
}

/** z of log Σ eᶻ over the last axis. */
function exponentOf(logarithm: GraphValue | undefined): GraphValue | undefined {
  const sum = behindReshape(behindReshape(logarithm, "Log")?.inputs[0], "ReduceSum");
  return sum && isOverLastAxis(sum) ? producer(sum.inputs[0], "Exp")?.inputs[0] : undefined;
}

function maxNode(value: GraphValue | undefined): GraphNode | undefined {
  return behindReshape(value, "ReduceMax");
}

function isMaxOf(value: GraphValue | undefined, x: GraphValue | undefined): boolean {
  const max = maxNode(value);
  return max !== undefined && max.inputs[0] === x && isOverLastAxis(max);
}

export const logSoftmaxRules: readonly Rule[] = [composeLogSoftmax];

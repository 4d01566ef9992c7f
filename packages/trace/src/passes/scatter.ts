/** Sums of scattered values: the gradient of a table that is looked up several times. */
import { createValue } from "../graph/graph.ts";
import { producer, type Rule, sameShape, uniformNumber } from "./rewrite.ts";

/**
 * y + ScatterND(0, places, updates) → ScatterND(y, places, updates): no table of zeros, and no pass over two tables to
 * add them. ONNX Runtime writes into y in place where nothing else needs it.
 */
const scatterOnto: Rule = ({ op, inputs, outputs, scope, kernel }, { uses }) => {
  const [y] = outputs;
  if (op !== "Add" || y === undefined) return undefined;
  for (const [at, input] of inputs.entries()) {
    const scatter = producer(input, "ScatterND");
    const other = inputs[1 - at];
    if (input === undefined || scatter === undefined || other === undefined || uses(input) > 1) continue;
    if (scatter.attributes.reduction !== "add" || uniformNumber(scatter.inputs[0]) !== 0) continue;
    if (!sameShape(other.dims, y.dims) || !sameShape(input.dims, y.dims)) continue;
    const [, places, updates] = scatter.inputs;
    const { attributes } = scatter;
    return [createValue({ op: "ScatterND", inputs: [other, places, updates], attributes, scope, kernel }, y)];
  }
  return undefined;
};

export const scatterRules: readonly Rule[] = [scatterOnto];

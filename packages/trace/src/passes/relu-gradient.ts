/** The gradient of relu, dy · step(x), read off what relu gave: x is then no value of its own, and the product that made
 * it ends in the relu. */
import { createValue } from "../graph/graph.ts";
import { producer, type Rule, uniformNumber } from "./rewrite.ts";

/**
 * Cast(x > 0) → Cast(Cast(relu(x), bool)): relu(x) is 0 exactly where x > 0 does not hold, and a cast is faster than a
 * comparison. Where x is not a number, the mask is 1 where relu keeps it, so that dy comes through.
 */
const stepByRelu: Rule = ({ op, inputs, outputs, attributes, scope, kernel }, { find }) => {
  const [x, zero] = producer(inputs[0], "Greater")?.inputs ?? [];
  const [y] = outputs;
  if (op !== "Cast" || y?.dtype !== "float32" || x?.dtype !== "float32" || uniformNumber(zero) !== 0) {
    return undefined;
  }
  const relu = producer(x, "Relu") === undefined ? find("Relu", x) : x;
  if (relu === undefined || zero?.dims.length !== 0) return undefined;
  const isPositive = createValue(
    { op: "Cast", inputs: [relu], attributes: { to: "bool" }, scope, kernel },
    { dtype: "bool", dims: y.dims },
  );
  return [createValue({ op, inputs: [isPositive], attributes, scope, kernel }, y)];
};

export const reluGradientRules: readonly Rule[] = [stepByRelu];

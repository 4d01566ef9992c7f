/** Gradient of einsum, which tfjs has none of: another einsum for each operand. */
import * as tf from "@tensorflow/tfjs-core";

/** A tensor and the letters of its axes. */
interface Operand {
  readonly term: string;
  readonly tensor: tf.Tensor;
}

export const einsumGradient: tf.GradConfig = {
  kernelName: "Einsum",
  saveAllInputs: true,
  gradFunc(dy, saved, attrs) {
    const [left = "", output = ""] = (attrs.equation as string).replaceAll(/\s/g, "").split("->");
    const operands = left.split(",").map((term, at): Operand => ({ term, tensor: saved[at] as tf.Tensor }));
    const result: Operand = { term: output, tensor: dy as tf.Tensor };
    return Object.fromEntries(
      operands.map((operand, at) => [
        at,
        () =>
          derive(
            result,
            operand,
            operands.filter((other) => other !== operand),
          ),
      ]),
    );
  },
};

/**
 * d/dA of Σ A·B is Σ dy·B, over the axes that A lacks. An axis that A alone has was summed away: dy is the same all
 * along it.
 */
function derive(dy: Operand, operand: Operand, others: readonly Operand[]): tf.Tensor {
  const { term, tensor } = operand;
  const isFound = (letter: string) => [dy, ...others].some((other) => other.term.includes(letter));
  const found = [...term].filter(isFound).join("");
  const part =
    dy.term === "" && others.length > 0
      ? tf.mul(contract(others, found), dy.tensor)
      : contract([dy, ...others], found);
  if (found === term) return part;
  const shape = tensor.shape.map((dim, axis) => (isFound(term[axis] ?? "") ? dim : 1));
  return tf.broadcastTo(tf.reshape(part, shape), tensor.shape);
}

function contract(operands: readonly Operand[], output: string): tf.Tensor {
  const [first] = operands;
  if (operands.length === 1 && first?.term === output) return first.tensor;
  const equation = `${operands.map(({ term }) => term).join(",")}->${output}`;
  return tf.einsum(equation, ...operands.map(({ tensor }) => tensor));
}

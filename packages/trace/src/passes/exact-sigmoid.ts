/**
 * Sigmoid where its logarithm is taken, or where it divides: the usual losses of ranking. ONNX Runtime's Sigmoid is 0
 * below −18, and log(0) is −∞; 1 / (1 + e⁻ˣ) holds down to −88, as in tfjs. It takes three times as long, so other
 * sigmoids stay.
 */
import { float32Tensor } from "@attune/onnx";
import { createValue, type GraphValue, listNodes, type TracedGraph } from "../graph/graph.ts";
import { constantValue } from "../unify/constant.ts";
import { producer, type Rule, rewrite } from "./rewrite.ts";

/** Looks for the sigmoids first: a rule sees a node, not its users. */
export function sharpenSigmoids(graph: TracedGraph): TracedGraph {
  const delicate = new Set(
    listNodes(graph).flatMap(({ op, inputs: [a, b] }) => {
      const used = op === "Log" ? a : op === "Div" ? b : undefined;
      return used !== undefined && producer(used, "Sigmoid") ? [used] : [];
    }),
  );
  return delicate.size === 0 ? graph : rewrite(graph, [sharpen(delicate)]);
}

function sharpen(delicate: ReadonlySet<GraphValue>): Rule {
  const inputs = new Set([...delicate].map((value) => producer(value, "Sigmoid")?.inputs[0]));
  return ({ op, inputs: [x], outputs: [y], scope, kernel }) => {
    // The same sigmoid may be computed twice, in the loss and in its gradient.
    if (op !== "Sigmoid" || x === undefined || y === undefined || !inputs.has(x)) return undefined;
    const one = constantValue(float32Tensor([1], []));
    const next = (name: string, values: readonly GraphValue[]) =>
      createValue({ op: name, inputs: values, scope, kernel }, y);
    return [next("Reciprocal", [next("Add", [next("Exp", [next("Neg", [x])]), one])])];
  };
}

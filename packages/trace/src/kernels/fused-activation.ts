/** The activation that tfjs fuses into products and convolutions, as nodes after them. */

import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";

export interface FusedActivation {
  /** tfjs's name of it; absent = linear. */
  readonly activation?: string;
  /** Slope below 0 of `leakyrelu`. */
  readonly leakyreluAlpha?: number;
}

/** ONNX ops that `applyActivation` may append. */
export const activationOps: readonly string[] = ["Relu", "Clip", "Elu", "PRelu", "LeakyRelu", "Sigmoid"];

/**
 * `activation(x)`, of x's shape.
 *
 * @param slope - of `prelu`, broadcast to x.
 */
export function applyActivation(
  graph: KernelGraph,
  x: TracedValue,
  { activation = "linear", leakyreluAlpha = 0.2 }: FusedActivation,
  slope: TracedValue | undefined,
): TracedValue {
  switch (activation) {
    case "linear":
      return x;
    case "relu":
      return graph.node("Relu", [x]);
    case "relu6":
      return graph.node("Clip", [x, graph.scalar(0), graph.scalar(6)]);
    case "elu":
      return graph.node("Elu", [x]);
    case "prelu":
      return graph.node("PRelu", [x, slope]);
    case "leakyrelu":
      return graph.node("LeakyRelu", [x], { alpha: leakyreluAlpha });
    case "sigmoid":
      return graph.node("Sigmoid", [x]);
    default:
      return graph.refuse(`the fused activation ${activation} is unknown; apply it as an op of its own`);
  }
}

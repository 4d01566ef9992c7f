/** A fitted popularity: the same scores for everyone. The baseline of every leaderboard, and the fallback of every artifact. */
import type { Tensor } from "@attune/contracts";
import { float32Tensor } from "@attune/onnx";
import type { FittedModel, Tensors } from "@attune/train";
import { expandToCatalogue } from "../catalogue-shape.ts";
import type { PopularityConfig } from "./config.ts";

export function restorePopularity(config: PopularityConfig, tensors: Tensors): FittedModel<"recommend"> {
  const scores = popularityScores(tensors);
  const itemCount = scores.length;
  const decay = config.halfLifeDays === undefined ? "" : `, half as much every ${config.halfLifeDays} days`;
  return {
    kind: "popularity",
    description: `Popularity: what most people chose${decay}; the same list for everyone.`,
    hyperparameters: config,
    fragment: {
      itemCount,
      bytes: itemCount * 4,
      isImpersonal: true,
      build(graph, { history }) {
        const row = graph.constant("scores", float32Tensor(scores, [1, itemCount]));
        return expandToCatalogue(graph, history, row, itemCount);
      },
    },
    score: () => scores.slice(),
    tensors: () => tensors,
  };
}

/** `[items]` what a model answers to an empty history. */
export function scoreNobody(model: FittedModel<"recommend">): Float32Array {
  return model.score(new Int32Array(0), new Float32Array(0));
}

/** `[items]` the scores themselves, in `[0, 1]`. */
function popularityScores(tensors: Tensors): Float32Array {
  return (tensors.scores as Tensor<"float32">).data;
}

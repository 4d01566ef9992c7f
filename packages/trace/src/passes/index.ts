/** Rewrites of a traced graph that leave its values as they are (to float rounding). */
import type { TracedGraph } from "../graph/graph.ts";
import { columnConstantRules } from "./column-constants.ts";
import { columnSumRules } from "./column-sums.ts";
import { commonFactorRules } from "./common-factor.ts";
import { sharpenSigmoids } from "./exact-sigmoid.ts";
import { gemmRules } from "./gemm.ts";
import { lateExpandRules } from "./late-expand.ts";
import { composeLayerNormalizations } from "./layer-normalization.ts";
import { logSoftmaxRules } from "./log-softmax.ts";
import { noOpRules } from "./no-ops.ts";
import { outerProductRules } from "./outer-products.ts";
import { paddedSumRules } from "./padded-sums.ts";
import { reciprocalRules } from "./reciprocals.ts";
import { reluGradientRules } from "./relu-gradient.ts";
import { reshapeRules } from "./reshapes.ts";
import { type Rule, rewrite } from "./rewrite.ts";
import { rowSumRules } from "./row-sums.ts";
import { scalarRules } from "./scalars.ts";
import { scatterRules } from "./scatter.ts";

export { makeDeterministic } from "./deterministic.ts";
export { copyTransposedFactors } from "./transposed-factors.ts";

type Stage = (graph: TracedGraph) => TracedGraph;

/** Rules that are run over the whole graph together. */
function together(...rules: readonly (readonly Rule[])[]): Stage {
  return (graph) => rewrite(graph, rules.flat());
}

const stages: readonly Stage[] = [
  together(noOpRules, lateExpandRules, reshapeRules),
  together(noOpRules, lateExpandRules, reshapeRules, scalarRules, logSoftmaxRules, paddedSumRules),
  composeLayerNormalizations,
  together(rowSumRules, reciprocalRules, noOpRules, scalarRules),
  together(reluGradientRules, commonFactorRules, scalarRules, gemmRules, scatterRules),
  together(columnSumRules),
  together(outerProductRules, noOpRules),
  together(columnConstantRules, noOpRules),
];

export function simplify(graph: TracedGraph): TracedGraph {
  return sharpenSigmoids(stages.reduce((current, stage) => stage(current), graph));
}

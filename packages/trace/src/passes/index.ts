/** Rewrites of a traced graph that leave its values as they are (to float rounding). */
import type { TracedGraph } from "../graph/graph.ts";
import { columnSumRules } from "./column-sums.ts";
import { commonFactorRules } from "./common-factor.ts";
import { sharpenSigmoids } from "./exact-sigmoid.ts";
import { gemmRules } from "./gemm.ts";
import { lateExpandRules } from "./late-expand.ts";
import { logSoftmaxRules } from "./log-softmax.ts";
import { noOpRules } from "./no-ops.ts";
import { paddedSumRules } from "./padded-sums.ts";
import { reluGradientRules } from "./relu-gradient.ts";
import { reshapeRules } from "./reshapes.ts";
import { type Rule, rewrite } from "./rewrite.ts";
import { scalarRules } from "./scalars.ts";
import { scatterRules } from "./scatter.ts";

export { makeDeterministic } from "./deterministic.ts";
export { copyTransposedFactors } from "./transposed-factors.ts";

/** Groups of rules, each run over the whole graph before the next. */
const stages: readonly (readonly Rule[])[] = [
  [...noOpRules, ...lateExpandRules, ...reshapeRules],
  [...noOpRules, ...lateExpandRules, ...reshapeRules, ...scalarRules, ...logSoftmaxRules, ...paddedSumRules],
  [...reluGradientRules, ...commonFactorRules, ...scalarRules, ...gemmRules, ...scatterRules],
  columnSumRules,
];

export function simplify(graph: TracedGraph): TracedGraph {
  return sharpenSigmoids(stages.reduce(rewrite, graph));
}

/** Rewrites of a traced graph that leave its values as they are (to float rounding). */
import type { TracedGraph } from "../graph/graph.ts";
import { gemmRules } from "./gemm.ts";
import { noOpRules } from "./no-ops.ts";
import { type Rule, rewrite } from "./rewrite.ts";

/** Groups of rules, each run over the whole graph before the next. */
const stages: readonly (readonly Rule[])[] = [noOpRules, gemmRules];

export function simplify(graph: TracedGraph): TracedGraph {
  return stages.reduce(rewrite, graph);
}

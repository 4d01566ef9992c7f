/** Rewrites of a traced graph that leave its values as they are. In this order, once each. */
import type { TracedGraph } from "../graph/graph.ts";

export type Pass = (graph: TracedGraph) => TracedGraph;

/** The one list. */
const passes: readonly Pass[] = [];

export function simplify(graph: TracedGraph): TracedGraph {
  return passes.reduce((current, pass) => pass(current), graph);
}

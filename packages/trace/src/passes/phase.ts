/** Phases of a training step, told apart by the first part of a node's scope. */
import type { GraphNode } from "../graph/graph.ts";

/** Scope of an optimizer's nodes: what can be computed in place, outside the graph, must not be folded into gradients. */
export const updateScope = "update";

export function isUpdate({ scope }: Pick<GraphNode, "scope">): boolean {
  return scope === updateScope || scope.startsWith(`${updateScope}/`);
}

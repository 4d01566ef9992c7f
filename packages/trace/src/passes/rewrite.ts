/** Runs rules over a traced graph, inputs before users. A rule sees one node and may put other values in its place. */
import type { Tensor } from "@attune/contracts";
import { constantOf, type Expression, expressionKey } from "../graph/expression.ts";
import { createNode, type GraphNode, type GraphValue, listNodes, type TracedGraph } from "../graph/graph.ts";

export interface RuleContext {
  /** How many nodes and outputs use the value. */
  uses(value: GraphValue): number;
  /** What the op makes of the value alone, where a node before this one has it. */
  find(op: string, value: GraphValue): GraphValue | undefined;
}

/** The values that take the place of the node's outputs, or `undefined` where the rule has nothing to say. */
export type Rule = (node: GraphNode, context: RuleContext) => readonly GraphValue[] | undefined;

/** Of one node. */
const maxRewrites = 100;

/** Applies the rules to each node until none has anything to say. */
export function rewrite(graph: TracedGraph, rules: readonly Rule[]): TracedGraph {
  const nodes = listNodes(graph);
  const useCounts = countUses(nodes, graph);
  const unary = new Map<GraphValue, Map<string, GraphValue>>();
  const context: RuleContext = {
    uses: (value) => useCounts.get(value) ?? 1,
    find: (op, value) => unary.get(value)?.get(op),
  };
  const replaced = new Map<GraphValue, GraphValue>();
  const current = (value: GraphValue) => replaced.get(value) ?? value;
  for (const node of nodes) {
    const inputs = node.inputs.map((input) => input && current(input));
    const isSame = inputs.every((input, at) => input === node.inputs[at]);
    let outputs = isSame ? node.outputs : createNode({ ...node, inputs }, node.outputs);
    outputs = applyRules(outputs, rules, context);
    noteUnary(outputs, unary);
    for (const [at, output] of node.outputs.entries()) {
      const next = outputs[at] as GraphValue;
      if (next === output) continue;
      replaced.set(output, next);
      // What replaces a value is used by its users, and by those it had before.
      const own = useCounts.get(next) ?? 0;
      const taken = useCounts.get(output) ?? 0;
      useCounts.set(next, node.inputs.includes(next) ? own - 1 + taken : Math.max(own, taken));
    }
  }
  return {
    inputs: graph.inputs,
    outputs: graph.outputs.map(({ name, value }) => ({ name, value: current(value) })),
  };
}

function noteUnary([output]: readonly GraphValue[], unary: Map<GraphValue, Map<string, GraphValue>>): void {
  if (output?.source.kind !== "node") return;
  const { op, inputs } = output.source.node;
  const [only] = inputs;
  if (inputs.length !== 1 || only === undefined) return;
  const found = unary.get(only) ?? new Map<string, GraphValue>();
  unary.set(only, found.set(op, output));
}

function applyRules(
  first: readonly GraphValue[],
  rules: readonly Rule[],
  context: RuleContext,
): readonly GraphValue[] {
  let outputs = first;
  // Two rules that undo each other would never end; a value that is rewritten in part is right as well.
  for (let at = 0, count = 0; at < rules.length && count < maxRewrites; ) {
    const [head] = outputs;
    if (head?.source.kind !== "node" || head.source.index !== 0) return outputs;
    // A rule looks at one node; what other nodes made in place of its further outputs would be lost.
    if (head.source.node.outputs.length !== outputs.length) return outputs;
    const next = rules[at]?.(head.source.node, context);
    if (next === undefined) at++;
    else {
      outputs = next;
      at = 0;
      count++;
    }
  }
  return outputs;
}

function countUses(nodes: readonly GraphNode[], graph: TracedGraph): Map<GraphValue, number> {
  const counts = new Map<GraphValue, number>();
  const used = [...nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ value }) => value)];
  for (const value of used) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Whether two shapes are the same for every size of the symbols. */
export function sameShape(a: readonly Expression[], b: readonly Expression[]): boolean {
  return (
    a.length === b.length &&
    a.every((dim, axis) => expressionKey(dim) === expressionKey(b[axis] as Expression))
  );
}

/** The node that makes a value, where it is of this op. */
export function producer(value: GraphValue | undefined, op: string): GraphNode | undefined {
  return value?.source.kind === "node" && value.source.node.op === op ? value.source.node : undefined;
}

/** The tensor of a constant. */
export function constantTensor(value: GraphValue | undefined): Tensor | undefined {
  return value?.source.kind === "constant" ? value.source.tensor : undefined;
}

/** The number that every element of a constant is; looks through Expand. */
export function uniformNumber(value: GraphValue | undefined): number | undefined {
  const expanded = producer(value, "Expand");
  if (expanded !== undefined) return uniformNumber(expanded.inputs[0]);
  const tensor = constantTensor(value);
  if (tensor === undefined || tensor.dtype === "string" || tensor.data.length === 0) return undefined;
  const first = Number(tensor.data[0]);
  return tensor.data.every((element: number | bigint) => Number(element) === first) ? first : undefined;
}

/** Whether the value has one element, whatever its rank. */
export function isNumber({ dims }: GraphValue): boolean {
  return dims.every((dim) => constantOf(dim) === 1);
}

/** A traced computation as data: what several traces of one function have in common. Passes rewrite it. */
import type { DataType, Tensor } from "@attune/contracts";
import type { Attributes } from "../recorder/traced-value.ts";
import type { Expression } from "./expression.ts";

export interface GraphValue {
  readonly dtype: DataType;
  readonly dims: readonly Expression[];
  readonly source: GraphSource;
}

export type GraphSource =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "constant"; readonly tensor: Tensor; readonly name: string }
  /** A small tensor of numbers that hang on symbols; `dims` of the value are constant. */
  | { readonly kind: "symbolic"; readonly elements: readonly Expression[] }
  | { readonly kind: "node"; readonly node: GraphNode; readonly index: number };

export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly (GraphValue | undefined)[];
  readonly attributes: Attributes;
  readonly outputs: readonly GraphValue[];
  readonly scope: string;
  readonly kernel: string;
}

export interface NamedValue {
  readonly name: string;
  readonly value: GraphValue;
}

/** Nodes are reached from the outputs; those that no output needs do not exist. */
export interface TracedGraph {
  readonly inputs: readonly NamedValue[];
  readonly outputs: readonly NamedValue[];
}

/** Nodes that the outputs need, inputs before users. */
export function listNodes(graph: TracedGraph): GraphNode[] {
  const seen = new Set<GraphNode>();
  const order: GraphNode[] = [];
  // An explicit stack: an unrolled network is deeper than the call stack.
  const stack = graph.outputs.map(({ value }) => ({ value, isDone: false })).reverse();
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { source } = top.value;
    if (source.kind !== "node") continue;
    if (top.isDone) {
      if (!seen.has(source.node)) order.push(source.node);
      seen.add(source.node);
      continue;
    }
    if (seen.has(source.node)) continue;
    stack.push({ value: top.value, isDone: true });
    for (const input of source.node.inputs.toReversed()) {
      if (input !== undefined) stack.push({ value: input, isDone: false });
    }
  }
  return order;
}

export interface NodeDraft {
  readonly op: string;
  readonly inputs: readonly (GraphValue | undefined)[];
  readonly attributes?: Attributes;
  readonly scope: string;
  readonly kernel: string;
}

/** A new node with one output of the given type. */
export function createValue(
  draft: NodeDraft,
  type: { readonly dtype: DataType; readonly dims: readonly Expression[] },
): GraphValue {
  return createNode(draft, [type])[0] as GraphValue;
}

export function createNode(
  draft: NodeDraft,
  types: readonly { readonly dtype: DataType; readonly dims: readonly Expression[] }[],
): readonly GraphValue[] {
  const outputs: GraphValue[] = [];
  const node: GraphNode = { attributes: {}, ...draft, outputs };
  for (const [index, { dtype, dims }] of types.entries()) {
    outputs.push({ dtype, dims, source: { kind: "node", node, index } });
  }
  return outputs;
}

/** The graph without inputs that no output hangs on. */
export function dropUnusedInputs({ inputs, outputs }: TracedGraph): TracedGraph {
  const nodes = listNodes({ inputs, outputs });
  const used = new Set([...nodes.flatMap((node) => node.inputs), ...outputs.map(({ value }) => value)]);
  const symbols = new Set(
    [...used].flatMap((value) =>
      value?.source.kind === "symbolic" ? value.source.elements.flatMap((element) => element.symbols) : [],
    ),
  );
  const isNeeded = ({ name, value }: NamedValue) =>
    used.has(value) ||
    symbols.has(name) ||
    value.dims.some((dim) => dim.symbols.some((symbol) => symbols.has(symbol)));
  return { inputs: inputs.filter(isNeeded), outputs };
}

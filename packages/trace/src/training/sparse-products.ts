/**
 * Takes products of a batch's input with a weight out of a gradient graph. Where most of the input is 0, whoever runs the
 * graph computes x·W and xᵀ·dy from the other elements alone: the graph gets the product, and gives dy.
 */
import {
  createValue,
  type GraphNode,
  type GraphValue,
  listNodes,
  type NamedValue,
  type TracedGraph,
} from "../graph/graph.ts";
import { replaceUses } from "../graph/replace.ts";
import { scale } from "../passes/factor.ts";
import type { SplitStep } from "./split-update.ts";
import type { UpdateGroup } from "./update-program.ts";

/** x `[batch, in]` · W `[in, out]`, computed beside the graph. */
export interface SparseProduct {
  /** Name of x in a batch. */
  readonly input: string;
  /** Name of the state tensor W. */
  readonly weight: string;
  /** The graph's input for x·W, `[batch, out]`. */
  readonly product: string;
  /** The graph's output dy, `[batch, out]`. */
  readonly outputGradient: string;
  /** Name of xᵀ·dy `[in, out]` among the update's gradients; the graph no longer gives it. */
  readonly gradient: string;
}

export interface SparseProducts {
  readonly graph: TracedGraph;
  readonly products: readonly SparseProduct[];
}

/** Below this many weights the products do not show. */
const fewElements = 65_536;

/**
 * A weight is taken when its gradient is nothing but xᵀ·dy, and goes to the update alone; what else uses x or W still
 * gets it from the graph's inputs.
 *
 * @param batch - names of the batch's tensors.
 * @returns `undefined` where there is nothing to take.
 */
export function takeSparseProducts(
  { graph, program }: SplitStep,
  batch: ReadonlySet<string>,
): SparseProducts | undefined {
  let rest = graph;
  const products = program.groups.flatMap((group): SparseProduct[] => {
    const found = findProduct(rest, batch, group);
    if (found === undefined) return [];
    const taken = takeProduct(rest, found);
    rest = taken.graph;
    return [taken.product];
  });
  return products.length === 0 ? undefined : { graph: rest, products };
}

interface Found {
  readonly input: NamedValue;
  readonly weight: NamedValue;
  readonly gradient: NamedValue;
  /** Nodes that multiply x and W. */
  readonly forward: readonly GraphNode[];
  readonly backward: GraphNode;
}

function takeProduct(graph: TracedGraph, { input, weight, gradient, forward, backward }: Found) {
  const taken = new Set([...graph.inputs, ...graph.outputs].map(({ name }) => name));
  const nameOf = (wanted: string) => {
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`;
    return name;
  };
  const [{ dtype, dims }] = (forward[0] as GraphNode).outputs as readonly [GraphValue];
  const name = nameOf(`product/${weight.name}`);
  const value: GraphValue = { dtype, dims, source: { kind: "input", name } };
  const by = new Map(forward.map((node) => [node.outputs[0] as GraphValue, finishProduct(node, value)]));
  const dy = scale({ factor: alphaOf(backward), base: backward.inputs[1] as GraphValue }, backward);
  const outputGradient = nameOf(`output_gradient/${weight.name}`);
  const outputs = graph.outputs.map((output) =>
    output === gradient ? { name: outputGradient, value: dy } : output,
  );
  const next = replaceUses({ inputs: graph.inputs, outputs }, by);
  const product: SparseProduct = {
    ...{ input: input.name, weight: weight.name, product: name },
    ...{ outputGradient, gradient: gradient.name },
  };
  const inputs = [...graph.inputs, { name, value }];
  return { graph: withoutUnread({ inputs, outputs: next.outputs }, [input, weight]), product };
}

/** Sizes of x that the graph needs can be read off the product, which has its rows. */
function withoutUnread(graph: TracedGraph, factors: readonly NamedValue[]): TracedGraph {
  const read = new Set([
    ...listNodes(graph).flatMap(({ inputs }) => inputs),
    ...graph.outputs.map(({ value }) => value),
  ]);
  const isNeeded = (input: NamedValue) => read.has(input.value) || !factors.includes(input);
  return { ...graph, inputs: graph.inputs.filter(isNeeded) };
}

function findProduct(graph: TracedGraph, batch: ReadonlySet<string>, group: UpdateGroup): Found | undefined {
  const gradient = graph.outputs.find(({ name }) => name === group.gradients[0]);
  if (gradient === undefined || group.gradients.length > 1) return undefined;
  if (group.isTransposed || group.size < fewElements) return undefined;
  const nodes = listNodes(graph);
  const { value } = gradient;
  const isOwn =
    !nodes.some(({ inputs }) => inputs.includes(value)) &&
    graph.outputs.every((other) => other === gradient || other.value !== value);
  const backward = value.source.kind === "node" ? value.source.node : undefined;
  if (!isOwn || backward === undefined || !isProduct(backward, "gradient")) return undefined;
  const input = graph.inputs.find((other) => other.value === backward.inputs[0]);
  if (input === undefined || !batch.has(input.name)) return undefined;
  const weights = graph.inputs.filter(({ name }) => group.states.includes(name));
  const [weight, ...others] = weights;
  if (weight === undefined || others.length > 0) return undefined;
  const forward = nodes.filter(
    (node) => node.inputs[0] === input.value && node.inputs[1] === weight.value && isProduct(node, "product"),
  );
  return forward.length === 0 ? undefined : { input, weight, gradient, forward, backward };
}

/** A Gemm or MatMul of two matrices: A·B + C, or Aᵀ·B. */
function isProduct({ op, inputs, outputs, attributes }: GraphNode, kind: "product" | "gradient"): boolean {
  if (op !== "MatMul" && op !== "Gemm") return false;
  const [a, b, c] = inputs;
  if (outputs[0]?.dtype !== "float32" || a?.dims.length !== 2 || b?.dims.length !== 2) return false;
  const { transA, transB, beta } = attributes;
  if (transB || Boolean(transA) !== (kind === "gradient")) return false;
  return c === undefined || (kind === "product" && Number(beta ?? 1) === 1);
}

function alphaOf({ attributes }: GraphNode): number {
  return Number(attributes.alpha ?? 1);
}

/** What a Gemm does to the product of its matrices: alpha · product + C. */
function finishProduct(node: GraphNode, product: GraphValue): GraphValue {
  const { scope, kernel } = node;
  const scaled = scale({ factor: alphaOf(node), base: product }, node);
  const [, , added] = node.inputs;
  if (added === undefined) return scaled;
  return createValue({ op: "Add", inputs: [scaled, added], scope, kernel }, product);
}

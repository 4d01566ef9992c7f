/** From a builder's state to a model: drop what no output needs, give outputs their names, check. */
import type { BuildOptions } from "./builder.ts";
import { assertModel } from "./check/check-model.ts";
import { type GraphState, uniqueName } from "./graph-state.ts";
import type { Graph, Model, Node } from "./model.ts";
import type { Domain } from "./ops/define.ts";
import { findOp } from "./ops/index.ts";
import { allGraphs, namesUsed, renameNode } from "./subgraphs.ts";

/** IR version of the models we write. */
const irVersion = 10;

/** The model; the state stays as it is and can be built again. */
export function finishGraph(state: GraphState, options: BuildOptions): Model {
  const naming = nameOutputs(state, (name) => name);
  makeRoom(state, naming.renamed);
  const graph = collectGraph(state, options.name, naming);
  const domains = new Set<Domain>([""]);
  for (const { nodes } of allGraphs(graph)) {
    for (const { domain } of nodes) domains.add(domain as Domain);
  }
  const model: Model = {
    irVersion,
    producer: { name: "attune", version: "" },
    opsets: Object.fromEntries(Array.from(domains, (domain) => [domain, state.model.opsets[domain]])),
    graph,
    metadata: { ...options.metadata },
  };
  assertModel(model, options.name);
  return model;
}

/** The graph of a body. Its outputs get names that no other value of the model has. */
export function finishBody(state: GraphState, name: string): Graph {
  return collectGraph(
    state,
    name,
    nameOutputs(state, (output) => uniqueName(state, state.prefix + output)),
  );
}

interface Naming {
  /** Name of an output for the builder → its name in the graph. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Name of a value while building → its name in the graph. */
  readonly renamed: Map<string, string>;
  /** Values that are an output and have a name of their own. */
  readonly copied: readonly { readonly from: string; readonly to: string }[];
}

/**
 * A node's value takes the name of the output it is. Inputs, constants, values of outer graphs and values that are an
 * output twice get there through an Identity node.
 */
function nameOutputs(state: GraphState, nameOf: (output: string) => string): Naming {
  const produced = new Set(state.nodes.flatMap((node) => node.outputs));
  const outputs = new Map<string, string>();
  const renamed = new Map<string, string>();
  const copied: { from: string; to: string }[] = [];
  for (const [output, { value }] of state.outputs) {
    const to = nameOf(output);
    outputs.set(output, to);
    const isFirst = produced.has(value.name) && !renamed.has(value.name);
    if (isFirst) renamed.set(value.name, to);
    else copied.push({ from: value.name, to });
  }
  return { outputs, renamed, copied };
}

/** An internal value that bears an output's name without being it gets another. */
function makeRoom(state: GraphState, renamed: Map<string, string>): void {
  const { names } = state.model;
  const taken = new Set([...names, ...state.outputs.keys()]);
  for (const name of names) {
    if (!state.outputs.has(name) || renamed.has(name)) continue;
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name}_${count}`;
    taken.add(free);
    renamed.set(name, free);
  }
}

/** Nodes and constants that an output needs, under their final names. */
function collectGraph(state: GraphState, name: string, { outputs, renamed, copied }: Naming): Graph {
  const rename = (value: string) => renamed.get(value) ?? value;
  const copies = copied.map(
    ({ from, to }): Node => ({
      name: `${to}/identity`,
      op: "Identity",
      domain: "",
      inputs: [rename(from)],
      outputs: [to],
      attributes: {},
    }),
  );
  const nodes = [...state.nodes.map((node) => renameNode(node, rename)), ...copies];
  const needed = new Set(outputs.values());
  const kept: Node[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    for (const used of namesUsed(node)) needed.add(used);
    kept.push(withoutUnused(state, node, needed));
  }
  return {
    name,
    nodes: kept.reverse(),
    inputs: state.inputs.map((input) => ({ name: rename(input.name), dtype: input.dtype, dims: input.dims })),
    outputs: Array.from(state.outputs, ([output, { value, dims }]) => ({
      name: outputs.get(output) ?? output,
      dtype: value.dtype,
      dims,
    })),
    initializers: new Map(
      Array.from(state.initializers, ([key, tensor]) => [rename(key), tensor] as const).filter(([key]) =>
        needed.has(key),
      ),
    ),
  };
}

/** Optional outputs that nothing reads are left out, so that the engine need not compute them. */
function withoutUnused(state: GraphState, node: Node, needed: ReadonlySet<string>): Node {
  const domain = node.domain as Domain;
  const parameters = findOp(domain, node.op, state.model.opsets[domain])?.outputs ?? [];
  const outputs = node.outputs.map((output, index) => {
    const { optional = false, variadic = false } = parameters[index] ?? {};
    return optional && !variadic && !needed.has(output) ? "" : output;
  });
  return { ...node, outputs: outputs.slice(0, outputs.findLastIndex((output) => output !== "") + 1) };
}

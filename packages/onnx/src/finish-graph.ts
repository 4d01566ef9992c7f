/** From a builder's state to a model: drop what no output needs, give outputs their names, check. */
import type { Dim, Tensor } from "@attune/contracts";
import type { BuildOptions } from "./builder.ts";
import { assertModel } from "./check/check-model.ts";
import type { Model, Node, Value } from "./model.ts";
import type { Domain, ValueType } from "./ops/define.ts";

/** IR version of the models we write. */
const irVersion = 10;

/** What the scopes of one graph share. */
export interface GraphState {
  readonly opsets: Readonly<Record<Domain, number>>;
  readonly inputs: Value[];
  readonly outputs: Map<string, { readonly value: Value; readonly dims: readonly Dim[] }>;
  readonly nodes: Node[];
  readonly initializers: Map<string, Tensor>;
  readonly types: Map<string, ValueType>;
  readonly owned: WeakSet<Value>;
  /** Content of a small constant → the value that holds it. */
  readonly shared: Map<string, Value>;
  readonly names: Set<string>;
  /** Wanted name → how often it was asked for: the next number to try. */
  readonly nameCounts: Map<string, number>;
}

/** The model; the state stays as it is and can be built again. */
export function finishGraph(state: GraphState, options: BuildOptions): Model {
  const { nodes, renamed } = nameOutputs(state);
  const needed = new Set(state.outputs.keys());
  const kept = nodes
    .toReversed()
    .filter((node) => {
      if (!node.outputs.some((name) => needed.has(name))) return false;
      for (const name of node.inputs) needed.add(name);
      return true;
    })
    .reverse();
  const initializers = new Map(
    Array.from(state.initializers, ([name, tensor]) => [renamed.get(name) ?? name, tensor] as const).filter(
      ([name]) => needed.has(name),
    ),
  );
  const domains = new Set<Domain>(["", ...kept.map((node) => node.domain as Domain)]);
  const model: Model = {
    irVersion,
    producer: { name: "attune", version: "" },
    opsets: Object.fromEntries(Array.from(domains, (domain) => [domain, state.opsets[domain]])),
    graph: {
      name: options.name,
      nodes: kept,
      inputs: state.inputs.map(({ name, dtype, dims }) => ({ name, dtype, dims })),
      outputs: Array.from(state.outputs, ([name, { value, dims }]) => ({ name, dtype: value.dtype, dims })),
      initializers,
    },
    metadata: { ...options.metadata },
  };
  assertModel(model, options.name);
  return model;
}

/**
 * A node's value takes the name of the output it is. Inputs, constants and values that are an output twice get
 * there through an Identity node. An internal value that bears an output's name without being it makes room.
 */
function nameOutputs(state: GraphState): { nodes: readonly Node[]; renamed: ReadonlyMap<string, string> } {
  const produced = new Set(state.nodes.flatMap((node) => node.outputs));
  const renamed = new Map<string, string>();
  const copied: { readonly from: string; readonly to: string }[] = [];
  for (const [to, { value }] of state.outputs) {
    const isFirst = produced.has(value.name) && !renamed.has(value.name);
    if (isFirst) renamed.set(value.name, to);
    else copied.push({ from: value.name, to });
  }
  const taken = new Set([...state.names, ...state.outputs.keys()]);
  for (const name of state.names) {
    if (!state.outputs.has(name) || renamed.has(name)) continue;
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name}_${count}`;
    taken.add(free);
    renamed.set(name, free);
  }
  const rename = (name: string) => renamed.get(name) ?? name;
  const nodes = state.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
  const copies = copied.map(({ from, to }) => ({
    name: `${to}/identity`,
    op: "Identity",
    domain: "",
    inputs: [rename(from)],
    outputs: [to],
    attributes: {},
  }));
  return { nodes: [...nodes, ...copies], renamed };
}

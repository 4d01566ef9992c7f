/** What the scopes of a graph under construction share, and what a graph shares with the bodies inside it. */
import type { Dim, Tensor } from "@attune/contracts";
import type { Subgraph } from "./builder.ts";
import type { Node, Value } from "./model.ts";
import type { Domain, ValueType } from "./ops/define.ts";

/** One to a model. Names are unique over its graph and all bodies, so that no body hides a value. */
interface ModelState {
  readonly opsets: Readonly<Record<Domain, number>>;
  readonly types: Map<string, ValueType>;
  readonly names: Set<string>;
  /** Wanted name → how often it was asked for: the next number to try. */
  readonly nameCounts: Map<string, number>;
}

export interface GraphState {
  readonly model: ModelState;
  /** The graph around a body. */
  readonly parent: GraphState | undefined;
  /** Before every name in a body: its name and a slash. */
  readonly prefix: string;
  readonly inputs: Value[];
  readonly outputs: Map<string, { readonly value: Value; readonly dims: readonly Dim[] }>;
  readonly nodes: Node[];
  readonly initializers: Map<string, Tensor>;
  readonly owned: WeakSet<Value>;
  /** Finished bodies that nodes of this graph may take. */
  readonly bodies: WeakSet<Subgraph>;
  /** Content of a small constant → the value that holds it. */
  readonly shared: Map<string, Value>;
  /** A finished body takes nothing more. */
  isFinished: boolean;
}

/** State of a new model's graph. */
export function createState(opsets: ModelState["opsets"]): GraphState {
  return emptyGraph({ opsets, types: new Map(), names: new Set(), nameCounts: new Map() });
}

/** State of a new body in a graph. */
export function createBodyState(parent: GraphState, name: string): GraphState {
  return emptyGraph(parent.model, parent, `${name}/`);
}

function emptyGraph(model: ModelState, parent?: GraphState, prefix = ""): GraphState {
  return {
    model,
    parent,
    prefix,
    inputs: [],
    outputs: new Map(),
    nodes: [],
    initializers: new Map(),
    owned: new WeakSet(),
    bodies: new WeakSet(),
    shared: new Map(),
    isFinished: false,
  };
}

/** Whether nodes of the graph may use the value: it is the graph's own, or of a graph around it. */
export function isVisible(state: GraphState, value: Value): boolean {
  return state.owned.has(value) || (state.parent !== undefined && isVisible(state.parent, value));
}

/** The wanted name, with a number behind it when it is taken. */
export function uniqueName({ model }: GraphState, wanted: string): string {
  let name = wanted;
  let count = model.nameCounts.get(wanted) ?? 1;
  while (model.names.has(name)) {
    count++;
    name = `${wanted}_${count}`;
  }
  model.nameCounts.set(wanted, count);
  model.names.add(name);
  return name;
}

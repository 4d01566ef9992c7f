/**
 * Lays small tensors of a split step one behind the other: one input of the gradient graph for all weights, one output for
 * loss, metrics and gradients. A call of ONNX Runtime takes 1 µs more for each input and 3 µs more for each output.
 */
import { int64Tensor } from "@attune/onnx";
import { constantExpression, type Expression } from "../graph/expression.ts";
import {
  createNode,
  createValue,
  type GraphValue,
  type NamedValue,
  type TracedGraph,
} from "../graph/graph.ts";
import { replaceUses } from "../graph/replace.ts";
import { sameShape } from "../passes/rewrite.ts";
import { constantValue, shapeValue } from "../unify/constant.ts";
import type { SplitStep } from "./split-update.ts";
import type { UpdateGroup } from "./update-program.ts";

/** Where the tensors lie that were packed. Every flat tensor is laid out alike. */
export interface Packing {
  /** Elements of a flat tensor. */
  readonly length: number;
  /** Elements of each part; the first part begins at 0, the others where the one before ends. */
  readonly sizes: readonly number[];
  /** Flat tensors among the program's states, each with the names of the states that are its parts. */
  readonly states: readonly { readonly name: string; readonly parts: readonly string[] }[];
  /** Output of the gradient graph with the gradients of all parts. */
  readonly gradient: string;
  /** Loss and metrics, which lie behind the parts of `gradient`, one element each. The update wants 0 there. */
  readonly numbers: readonly string[];
}

export interface PackedStep extends SplitStep {
  readonly packing: Packing | undefined;
}

/** Measured in ONNX Runtime 1.30: larger tensors take longer to copy than to pass on. */
const mostElements = 8192;

const label = { scope: "packed", kernel: "packed" } as const;

/**
 * Packs what is small and updated alike. Nothing is packed where there are not two tensors for it, or where the program
 * updates a large one too: a call is little of such a step, and gradients that wait for each other cost more. Measured:
 * 2 ms of 24 for a transformer whose large tensor is its table.
 *
 * @param numbers - names of outputs that may lie behind the gradients, where they are one float32 each.
 */
export function packTensors({ graph, program }: SplitStep, numbers: readonly string[]): PackedStep {
  const groups = findAlike({ graph, program });
  const [first] = groups;
  if (first === undefined || groups.length < 2) return { graph, program, packing: undefined };
  const single = graph.outputs.filter(({ name, value }) => numbers.includes(name) && isSingle(value));
  const nameOf = uniqueIn(graph);
  const sizes = groups.map(({ size }) => size);
  const packing: Packing = {
    length: sizes.reduce((sum, size) => sum + size, single.length),
    sizes,
    states: first.states.map((_, at) => ({
      name: nameOf(`packed/state_${at}`),
      parts: groups.map(({ states }) => states[at] as string),
    })),
    gradient: nameOf("packed/gradient"),
    numbers: single.map(({ name }) => name),
  };
  const group: UpdateGroup = {
    ...first,
    size: packing.length,
    states: packing.states.map(({ name }) => name),
    gradients: [packing.gradient],
  };
  const others = program.groups.filter((other) => !groups.includes(other));
  return {
    graph: packOutputs(packInputs(graph, packing), packing, groups),
    program: { ...program, groups: [group, ...others] },
    packing,
  };
}

/** The largest set of small groups that a single one can take the place of. */
function findAlike({ graph, program }: SplitStep): readonly UpdateGroup[] {
  if (program.groups.some(({ size }) => size > mostElements)) return [];
  const given = new Set(graph.outputs.map(({ name }) => name));
  const read = program.groups.flatMap(({ gradients }) => gradients);
  const alike = new Map<string, UpdateGroup[]>();
  for (const group of program.groups) {
    const { isTransposed, states, gradients, steps, results } = group;
    const [gradient, ...others] = gradients;
    if (isTransposed || gradient === undefined || others.length > 0) continue;
    const isOwn = read.filter((name) => name === gradient).length === 1;
    if (!isOwn || !given.has(gradient) || program.tables.some(({ dense }) => dense === gradient)) continue;
    const key = JSON.stringify([states.length, steps, results]);
    alike.set(key, [...(alike.get(key) ?? []), group]);
  }
  return [...alike.values()].reduce((most, groups) => (groups.length > most.length ? groups : most), []);
}

function isSingle({ dtype, dims }: GraphValue): boolean {
  return dtype === "float32" && dims.length === 0;
}

function uniqueIn({ inputs, outputs }: TracedGraph): (wanted: string) => string {
  const taken = new Set([...inputs, ...outputs].map(({ name }) => name));
  return (wanted) => {
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`;
    taken.add(name);
    return name;
  };
}

/** Flat inputs, cut where the graph begins. */
function packInputs(graph: TracedGraph, { states, sizes, length }: Packing): TracedGraph {
  const by = new Map<GraphValue, GraphValue>();
  const given = new Map(graph.inputs.map(({ name, value }) => [name, value]));
  const tail = length - sizes.reduce((sum, size) => sum + size, 0);
  const lengths = tail > 0 ? [...sizes, tail] : sizes;
  const added = states.flatMap(({ name, parts }): NamedValue[] => {
    if (!parts.some((part) => given.has(part))) return [];
    const flat: GraphValue = { ...flatType(length), source: { kind: "input", name } };
    const cut = createNode(
      { op: "Split", inputs: [flat, constantValue(int64Tensor(lengths))], attributes: { axis: 0 }, ...label },
      lengths.map(flatType),
    );
    for (const [at, part] of parts.entries()) {
      const value = given.get(part);
      if (value !== undefined) by.set(value, shapeTo(cut[at] as GraphValue, value.dims));
    }
    return [{ name, value: flat }];
  });
  const kept = graph.inputs.filter(({ value }) => !by.has(value));
  return { inputs: [...added, ...kept], outputs: replaceUses(graph, by).outputs };
}

/** One output for the gradients and the numbers behind them. */
function packOutputs(graph: TracedGraph, packing: Packing, groups: readonly UpdateGroup[]): TracedGraph {
  const { gradient, numbers, sizes, length } = packing;
  const given = new Map(graph.outputs.map(({ name, value }) => [name, value]));
  const names = [...groups.flatMap(({ gradients }) => gradients), ...numbers];
  const parts = names.map((name, at) =>
    shapeTo(given.get(name) as GraphValue, flatType(sizes[at] ?? 1).dims),
  );
  const joined = createValue(
    { op: "Concat", inputs: parts, attributes: { axis: 0 }, ...label },
    flatType(length),
  );
  const kept = graph.outputs.filter(({ name }) => !names.includes(name));
  return { ...graph, outputs: [...kept, { name: gradient, value: joined }] };
}

function shapeTo(value: GraphValue, dims: readonly Expression[]): GraphValue {
  if (sameShape(value.dims, dims)) return value;
  return createValue({ op: "Reshape", inputs: [value, shapeValue(dims)], ...label }, { ...value, dims });
}

function flatType(length: number): { readonly dtype: "float32"; readonly dims: readonly Expression[] } {
  return { dtype: "float32", dims: [constantExpression(length)] };
}

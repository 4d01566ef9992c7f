/** Several traces of one function at different sizes → one graph with symbolic dims. */
import { AttuneError, type Tensor } from "@attune/contracts";
import { constantExpression, type Expression, type Sizes } from "../graph/expression.ts";
import { createNode, type GraphValue, type TracedGraph } from "../graph/graph.ts";
import type { TracedNode, TracedValue } from "../recorder/traced-value.ts";
import { unifyConstant } from "./constant.ts";
import { createSolver, type Solve } from "./size-solver.ts";
import type { Trace } from "./trace.ts";

/**
 * Nodes correspond by position. What differs between the traces becomes symbolic where it follows the symbols, and is
 * an error where it does not; only what the outputs need is looked at.
 *
 * @param traces - one per entry of `sizes`, at least two.
 * @throws {AttuneError} `TRACE_SHAPE_DEPENDENT`, `TRACE_FROZEN`; all places are listed.
 */
export function unifyTraces(traces: readonly Trace[], sizes: Sizes, what: string): TracedGraph {
  const divergence = findDivergence(traces);
  if (divergence !== undefined)
    throw new AttuneError("TRACE_SHAPE_DEPENDENT", { what, issues: [divergence] });
  const state: State = {
    traces,
    solve: createSolver(traces, sizes),
    shapeIssues: new Set(),
    frozenIssues: new Set(),
    values: new Map(),
  };
  const [first] = traces;
  const outputs = (first?.outputs ?? []).map(({ name, value }) => ({ name, value: convert(state, value) }));
  const inputs = (first?.recorder.values ?? []).flatMap((value) =>
    value.source.kind === "input" ? [{ name: value.source.name, value: convert(state, value) }] : [],
  );
  if (state.frozenIssues.size > 0)
    throw new AttuneError("TRACE_FROZEN", { what, issues: [...state.frozenIssues] });
  if (state.shapeIssues.size > 0)
    throw new AttuneError("TRACE_SHAPE_DEPENDENT", { what, issues: [...state.shapeIssues] });
  return { inputs, outputs };
}

interface State {
  readonly traces: readonly Trace[];
  readonly solve: Solve;
  readonly shapeIssues: Set<string>;
  readonly frozenIssues: Set<string>;
  readonly values: Map<number, GraphValue>;
}

/** The first node at which the traces do different things. */
function findDivergence(traces: readonly Trace[]): string | undefined {
  const [first, ...others] = traces.map(({ recorder }) => recorder.nodes);
  for (const nodes of others) {
    const length = Math.max(first?.length ?? 0, nodes.length);
    for (let at = 0; at < length; at++) {
      const [a, b] = [first?.[at], nodes[at]];
      if (a === undefined || b === undefined) return `${placeOf(a ?? b, traces)} runs at some sizes only`;
      const same = a.op === b.op && a.inputs.every((input, index) => input?.id === b.inputs[index]?.id);
      if (same) continue;
      const [here, there] = [placeOf(a, traces), placeOf(b, traces)];
      return here === there
        ? `${here} is computed otherwise, or of other values, at another size`
        : `${here} at one size is ${there} at another`;
    }
  }
  const outputs = traces.map((trace) => trace.outputs.map(({ name, value }) => `${name}:${value.id}`).join());
  return new Set(outputs).size > 1
    ? "its outputs are other values, or have other names, at another size"
    : undefined;
}

function placeOf(node: TracedNode | undefined, traces: readonly Trace[]): string {
  if (node === undefined) return "an op";
  const place = traces[0]?.recorder.placeOf(node.scope);
  return node.scope === "" ? node.kernel : `${node.kernel} ${place}`;
}

/** Values that `value` hangs on come first, without recursion: traces are deep. */
function convert(state: State, value: TracedValue): GraphValue {
  const stack = [value];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    if (state.values.has(top.id)) {
      stack.pop();
      continue;
    }
    const folded = top.source.kind === "node" ? fold(state, top) : undefined;
    if (folded !== undefined) {
      state.values.set(top.id, folded);
    } else if (top.source.kind === "node") {
      const missing = top.source.node.inputs.filter(
        (input) => input !== undefined && !state.values.has(input.id),
      ) as TracedValue[];
      if (missing.length > 0) stack.push(...missing);
      else convertNode(state, top.source.node);
    } else if (top.source.kind === "constant") {
      const { kind: _, tensor: __, name, origin } = top.source;
      state.values.set(top.id, unifyConstant(tensorsOf(state, top), state, { name, origin }));
    } else {
      state.values.set(top.id, {
        dtype: top.dtype,
        dims: dimsOf(state, top),
        source: { kind: "input", name: top.source.name },
      });
    }
  }
  return state.values.get(value.id) as GraphValue;
}

/** A value whose numbers are known, and the same in every trace, is a constant. */
function fold(state: State, value: TracedValue): GraphValue | undefined {
  const same = sameValue(state, value);
  if (!same.every(({ known }) => known !== undefined)) return undefined;
  if (!same.every(({ dims }) => dims.join() === value.dims.join())) return undefined;
  const [first, ...others] = same.map(({ known }) => known?.() as Tensor);
  if (first === undefined || !others.every((other) => sameNumbers(first, other))) return undefined;
  return unifyConstant([first], state, { name: nameOf(value), origin: "" });
}

function sameNumbers(a: Tensor, b: Tensor): boolean {
  return a.data.length === b.data.length && a.data.every((number, at) => Object.is(number, b.data[at]));
}

/** A folded weight keeps a name by which a reader knows it. */
function nameOf(value: TracedValue): string {
  for (let at: TracedValue | undefined = value; at !== undefined; ) {
    if (at.source.kind !== "node") return at.source.name;
    const next: TracedValue | undefined = at.source.node.inputs.find(
      (input) =>
        input?.source.kind === "node" ||
        (input?.source.kind === "constant" && input.source.name !== "constant"),
    );
    at = next;
  }
  return "constant";
}

function convertNode(state: State, node: TracedNode): void {
  const attributes = JSON.stringify(node.attributes);
  const position = state.traces[0]?.recorder.nodes.indexOf(node) ?? -1;
  for (const { recorder } of state.traces) {
    const other = recorder.nodes[position];
    if (JSON.stringify(other?.attributes) !== attributes) {
      state.shapeIssues.add(
        `${placeOf(node, state.traces)}: an attribute of ${node.op} changes with the size`,
      );
    }
  }
  const outputs = createNode(
    {
      op: node.op,
      attributes: node.attributes,
      scope: node.scope,
      kernel: node.kernel,
      inputs: node.inputs.map((input) => (input === undefined ? undefined : state.values.get(input.id))),
    },
    node.outputs.map((output) => ({ dtype: output.dtype, dims: dimsOf(state, output) })),
  );
  for (const [index, output] of node.outputs.entries()) {
    state.values.set(output.id, outputs[index] as GraphValue);
  }
}

function sameValue(state: State, value: TracedValue): TracedValue[] {
  return state.traces.map(({ recorder }) => recorder.values[value.id] as TracedValue);
}

function tensorsOf(state: State, value: TracedValue): Tensor[] {
  return sameValue(state, value).flatMap(({ source }) => (source.kind === "constant" ? [source.tensor] : []));
}

function dimsOf(state: State, value: TracedValue): Expression[] {
  const all = sameValue(state, value);
  return value.dims.map((_, axis) => {
    const sizes = all.map(({ dims }) => dims[axis] ?? -1);
    // The solver has been given the dims of every value.
    return state.solve(sizes, true) ?? constantExpression(sizes[0] ?? -1);
  });
}

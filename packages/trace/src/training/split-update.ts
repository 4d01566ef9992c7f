/** Cuts a traced step in two: a graph that gives gradients, and an update that runs in place beside the engine. */
import { constantOf } from "../graph/expression.ts";
import { dropUnusedInputs, type GraphValue, type NamedValue, type TracedGraph } from "../graph/graph.ts";
import { uniformNumber } from "../passes/rewrite.ts";
import { findTableGradient } from "./table-gradient.ts";
import type {
  UpdateGroup,
  UpdateOp,
  UpdateOperand,
  UpdateProgram,
  UpdateScalar,
  UpdateStep,
  UpdateTable,
} from "./update-program.ts";

export interface SplitStep {
  /** Loss, metrics, new values of what the program does not update, and the gradients it needs. */
  readonly graph: TracedGraph;
  readonly program: UpdateProgram;
}

export interface SplitOptions {
  /** Name of the state's input and of the output with its new value. */
  readonly state: readonly { readonly name: string; readonly next: string }[];
  /** Name of the learning rate's input. */
  readonly learningRate: string;
  /** First part of the scope of the update's nodes. */
  readonly scope: string;
}

const ops: Readonly<Record<string, UpdateOp>> = {
  ...{ Add: "Add", Sub: "Sub", Mul: "Mul", Div: "Div" },
  ...{ Max: "Max", Min: "Min", Sqrt: "Sqrt", Abs: "Abs", Neg: "Neg" },
};

/**
 * Everything of the update that is arithmetic on elements, or on numbers of the whole step, goes into the program; what
 * it reads from elsewhere (gradients, a global norm) becomes an output of the graph. States whose new value is made in
 * any other way stay in the graph.
 *
 * @returns `undefined` where no clean cut exists: the step then runs as one graph.
 */
export function splitUpdate(graph: TracedGraph, options: SplitOptions): SplitStep | undefined {
  const cutter = createCutter(graph, options);
  const kept = new Map(graph.outputs.map((output) => [output.name, output]));
  for (const { name, next } of options.state) {
    const output = kept.get(next);
    if (output !== undefined && cutter.take(name, output.value)) kept.delete(next);
  }
  const program = cutter.program();
  const inPlace = new Set(program.groups.flatMap(({ states }) => states));
  // A tensor cannot be overwritten in place and given by the graph as well.
  if (options.state.some(({ name, next }) => inPlace.has(name) && kept.has(next))) return undefined;
  return {
    graph: dropUnusedInputs({ inputs: graph.inputs, outputs: [...kept.values(), ...cutter.outputs()] }),
    program,
  };
}

interface Part {
  readonly states: string[];
  readonly gradients: string[];
  readonly steps: UpdateStep[];
  readonly results: Map<string, UpdateOperand>;
  readonly operands: Map<GraphValue, UpdateOperand>;
  readonly size: number;
}

function createCutter(graph: TracedGraph, { state, learningRate, scope }: SplitOptions) {
  const updated = new Set(state.map(({ name }) => name));
  const scalars: UpdateScalar[] = [];
  const scalarIndex = new Map<GraphValue, number>();
  const equalScalar = new Map<string, number>();
  const scalarResults: { name: string; scalar: number }[] = [];
  const tables: UpdateTable[] = [];
  const tableOf = new Map<GraphValue, string>();
  const parts: Part[] = [];
  const partOf = new Map<string, Part>();
  const extra = new Map<GraphValue, NamedValue>();
  const taken = new Set(graph.outputs.map(({ name }) => name));

  /** A value of the graph that the program reads. */
  function fetch(value: GraphValue, wanted: string): string {
    const known = extra.get(value);
    if (known !== undefined) return known.name;
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`;
    taken.add(name);
    extra.set(value, { name, value });
    return name;
  }

  /** A tensor that the elements are read from: an output of the graph, or a table made of few rows. */
  function gradientOf(value: GraphValue, wanted: string): string {
    const known = tableOf.get(value);
    if (known !== undefined) return known;
    const found = findTableGradient(value);
    const [first] = value.dims;
    const rowCount = first && constantOf(first);
    const size = sizeOf(value);
    if (found === undefined || rowCount === undefined || size === undefined) return fetch(value, wanted);
    tables.push({
      name: wanted,
      dense: found.dense && fetch(found.dense, `${wanted}/dense`),
      width: size / rowCount,
      scattered: found.scattered.map(({ places, rows, repeat }, at) => ({
        places: fetch(places, `${wanted}/places_${at}`),
        rows: fetch(rows, `${wanted}/rows_${at}`),
        repeat,
      })),
    });
    tableOf.set(value, wanted);
    return wanted;
  }

  /** Equal ones are one: then tensors that are updated alike have equal steps. */
  function indexOf(scalar: UpdateScalar): number {
    // JSON has no infinity and no −0.
    const key = JSON.stringify(scalar, (_, part: unknown) => (typeof part === "number" ? spell(part) : part));
    const index = equalScalar.get(key) ?? scalars.push(scalar) - 1;
    equalScalar.set(key, index);
    return index;
  }

  function addScalar(value: GraphValue, scalar: UpdateScalar): number {
    const index = indexOf(scalar);
    scalarIndex.set(value, index);
    return index;
  }

  /** Index of a number of the whole step. */
  function scalarOf(value: GraphValue): number {
    const known = scalarIndex.get(value);
    if (known !== undefined) return known;
    const { source } = value;
    const number = uniformNumber(value);
    if (number !== undefined) return addScalar(value, { kind: "constant", value: number });
    if (source.kind === "input" && source.name === learningRate) {
      return addScalar(value, { kind: "learningRate", factor: 1, offset: 0 });
    }
    if (source.kind === "input" && updated.has(source.name)) {
      return addScalar(value, { kind: "state", name: source.name });
    }
    if (source.kind === "symbolic") {
      const [element] = source.elements;
      if (element?.symbols.join() === learningRate && !element.isInverse) {
        const { coefficient: factor, offset } = element;
        return addScalar(value, { kind: "learningRate", factor, offset });
      }
    }
    const op = source.kind === "node" ? updateOp(value) : undefined;
    if (op === undefined || source.kind !== "node") {
      return addScalar(value, { kind: "output", name: fetch(value, "scalar") });
    }
    const operands = source.node.inputs.map((input) => scalarOf(input as GraphValue));
    return addScalar(value, { kind: "op", op, operands });
  }

  /** The op of a node of the update that works element by element. */
  function updateOp(value: GraphValue): UpdateOp | undefined {
    if (value.source.kind !== "node" || value.dtype !== "float32") return undefined;
    const { node } = value.source;
    const isUpdate = node.scope === scope || node.scope.startsWith(`${scope}/`);
    return isUpdate && node.inputs.length <= 2 ? ops[node.op] : undefined;
  }

  function operandOf(part: Part, value: GraphValue): UpdateOperand {
    const known = part.operands.get(value);
    if (known !== undefined) return known;
    const operand = makeOperand(part, value);
    part.operands.set(value, operand);
    return operand;
  }

  function makeOperand(part: Part, value: GraphValue): UpdateOperand {
    const { source } = value;
    if (sizeOf(value) !== part.size || isUniform(value)) return { kind: "scalar", index: scalarOf(value) };
    if (source.kind === "input" && part.states.includes(source.name)) {
      return { kind: "state", index: part.states.indexOf(source.name) };
    }
    const op = updateOp(value);
    if (op === undefined || source.kind !== "node") {
      const name = gradientOf(value, `gradient/${part.states[0]}`);
      if (!part.gradients.includes(name)) part.gradients.push(name);
      return { kind: "gradient", index: part.gradients.indexOf(name) };
    }
    const operands = source.node.inputs.map((input) => operandOf(part, input as GraphValue));
    part.steps.push(multiplyBy(op, operands));
    return { kind: "op", index: part.steps.length - 1 };
  }

  /** x / scalar is x · (1 / scalar): a division costs as much as a dozen products. */
  function multiplyBy(op: UpdateOp, operands: readonly UpdateOperand[]): UpdateStep {
    const [x, divisor] = operands;
    if (op !== "Div" || x === undefined || divisor?.kind !== "scalar") return { op, operands };
    const one = indexOf({ kind: "constant", value: 1 });
    const inverse = indexOf({ kind: "op", op: "Div", operands: [one, divisor.index] });
    return { op: "Mul", operands: [x, { kind: "scalar", index: inverse }] };
  }

  /** States that the new value is made of by the update's own arithmetic. */
  function statesBehind(
    value: GraphValue,
    size: number,
    found = new Set<string>(),
    seen = new Set<GraphValue>(),
  ) {
    if (seen.has(value)) return found;
    seen.add(value);
    const { source } = value;
    const isTensor = value.dims.length > 0 && sizeOf(value) === size;
    if (source.kind === "input" && updated.has(source.name) && isTensor) found.add(source.name);
    if (source.kind === "node" && updateOp(value) !== undefined) {
      for (const input of source.node.inputs) if (input) statesBehind(input, size, found, seen);
    }
    return found;
  }

  /** Whether a smaller tensor, which is more than a number, is broadcast into it: the program reads element by element. */
  function isBroadcast(value: GraphValue, size: number, seen = new Set<GraphValue>()): boolean {
    if (seen.has(value) || isUniform(value)) return false;
    seen.add(value);
    const own = sizeOf(value);
    if (own !== size) return own !== 1;
    const { source } = value;
    if (source.kind !== "node" || updateOp(value) === undefined) return false;
    return source.node.inputs.some((input) => input && isBroadcast(input, size, seen));
  }

  return {
    /** Whether the new value of the state is the program's to make. */
    take(name: string, value: GraphValue): boolean {
      const size = sizeOf(value);
      if (size === undefined || updateOp(value) === undefined) return false;
      if (value.dims.length === 0) {
        scalarResults.push({ name, scalar: scalarOf(value) });
        return true;
      }
      if (isBroadcast(value, size)) return false;
      const behind = [...statesBehind(value, size).add(name)];
      const known = [...new Set(behind.flatMap((state) => partOf.get(state) ?? []))];
      // Two parts that turn out to be one: rare enough to leave to the graph.
      if (known.length > 1) return false;
      const part = known[0] ?? createPart(size);
      for (const state of behind) {
        if (!part.states.includes(state)) part.states.push(state);
        partOf.set(state, part);
      }
      if (known.length === 0) parts.push(part);
      part.results.set(name, operandOf(part, value));
      return true;
    },
    outputs: () => [...extra.values()],
    program: (): UpdateProgram => ({ scalars, scalarResults, tables, groups: parts.map(finishPart) }),
  };
}

function createPart(size: number): Part {
  return { size, states: [], gradients: [], steps: [], results: new Map(), operands: new Map() };
}

function finishPart({ size, states, gradients, steps, results }: Part): UpdateGroup {
  return {
    size,
    isTransposed: false,
    states,
    gradients,
    steps,
    results: states.map((state, index) => results.get(state) ?? { kind: "state", index }),
  };
}

/** Other words for other numbers. */
function spell(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Number of elements, where it hangs on no symbol. */
function sizeOf({ dims }: GraphValue): number | undefined {
  let size = 1;
  for (const dim of dims) {
    const number = constantOf(dim);
    if (number === undefined) return undefined;
    size *= number;
  }
  return size;
}

function isUniform(value: GraphValue): boolean {
  return value.dims.length === 0 || uniformNumber(value) !== undefined;
}

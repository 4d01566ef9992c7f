/** Ops with graphs of their own inside: If, Loop, Scan. */
import type { Dim, ValueInfo } from "@attune/contracts";
import { type Dims, formatDims, unifyDim, unifyDims } from "../dims.ts";
import type { Graph } from "../model.ts";
import {
  anyType,
  defineOp,
  type InferContext,
  mixed,
  type OpDefinition,
  optional,
  param,
  type ValueType,
} from "./define.ts";
import { normalizeAxis, requireRank } from "./rules.ts";

function requireScalar(ctx: InferContext, index: number, name: string): void {
  const dims = ctx.dims(index);
  // ONNX Runtime takes one element of one axis too, as older exporters write it.
  if (dims !== undefined && dims.join() !== "1") requireRank(ctx, index, name, 0);
}

/** What a body gives must be what the node is asked for. */
function checkCounts(ctx: InferContext, body: Graph, inputs: number, extra: number): boolean {
  const wanted = ctx.outputCount + extra;
  if (body.inputs.length !== inputs) {
    ctx.issue(`${body.name} has ${body.inputs.length} inputs, the node gives it ${inputs}`);
  } else if (body.outputs.length !== wanted) {
    ctx.issue(`${body.name} has ${body.outputs.length} outputs, the node wants ${wanted}`);
  } else return true;
  return false;
}

/** A body's input must be able to hold what the node gives it. */
function checkInput(ctx: InferContext, input: ValueInfo | undefined, given: ValueType): void {
  if (input === undefined) return;
  if (given.dtype !== undefined && given.dtype !== input.dtype) {
    ctx.issue(`input ${input.name} of the body is ${input.dtype}, it is given ${given.dtype}`);
  }
  const { issue } = unifyDims(given.dims, input.dims);
  if (issue !== undefined) ctx.issue(`input ${input.name} of the body: ${issue}`);
}

/**
 * A value that goes round: its dtype stays, and of its dims those that every turn keeps. Where there may be no turn at
 * all, the value is the first one.
 */
function carried(
  ctx: InferContext,
  input: ValueInfo,
  output: ValueInfo,
  initial: Dims | undefined,
): ValueType {
  if (output.dtype !== input.dtype) {
    ctx.issue(`output ${output.name} of the body is ${output.dtype}, but ${input.name} is ${input.dtype}`);
  }
  if (output.dims.length !== input.dims.length) {
    ctx.issue(
      `output ${output.name} of the body is ${formatDims(output.dims)}, but ${input.name} is ${formatDims(input.dims)}`,
    );
    return { dtype: input.dtype };
  }
  const start = initial ?? input.dims;
  const dims = output.dims.map((dim, axis): Dim => {
    if (dim !== undefined && dim === input.dims[axis]) return start[axis] ?? dim;
    return dim === start[axis] ? dim : undefined;
  });
  return { dtype: input.dtype, dims };
}

/** Both branches give the same outputs; dims on which they differ are unknown. */
function inferIf(ctx: InferContext): readonly ValueType[] {
  const [yes, no] = [ctx.graph("then_branch"), ctx.graph("else_branch")];
  requireScalar(ctx, 0, "cond");
  if (yes === undefined || no === undefined) return [];
  if (![yes, no].every((branch) => checkCounts(ctx, branch, 0, 0))) return [];
  return yes.outputs.map((output, index) => {
    const other = no.outputs[index] ?? output;
    if (output.dtype !== other.dtype) {
      ctx.issue(`output ${index} is ${output.dtype} in one branch, ${other.dtype} in the other`);
    }
    const isSameRank = output.dims.length === other.dims.length;
    const dims = output.dims.map((dim, axis) => (dim === other.dims[axis] ? dim : undefined));
    return { dtype: output.dtype, dims: isSameRank ? dims : undefined };
  });
}

/** Inputs before the values that go round: trip count and condition. */
const loopHead = 2;

function inferLoop(ctx: InferContext): readonly ValueType[] {
  const body = ctx.graph("body");
  requireScalar(ctx, 0, "M");
  requireScalar(ctx, 1, "cond");
  if (body === undefined || !checkCounts(ctx, body, Math.max(ctx.inputCount, loopHead), 1)) return [];
  const [iteration, condition, ...states] = body.inputs;
  checkInput(ctx, iteration, { dtype: "int64" });
  checkInput(ctx, condition, { dtype: "bool" });
  const [goOn, ...outputs] = body.outputs;
  if (goOn?.dtype !== "bool") ctx.issue(`the first output of the body is ${goOn?.dtype}, not bool`);
  const finals = states.map((input, index) => {
    const initial = { dtype: ctx.dtype(loopHead + index), dims: ctx.dims(loopHead + index) };
    checkInput(ctx, input, initial);
    return carried(ctx, input, outputs[index] ?? input, initial.dims);
  });
  const trips = isCounted(ctx, body) ? ctx.values(0)?.[0] : undefined;
  const scans = outputs.slice(states.length).map(({ dtype, dims }) => ({ dtype, dims: [trips, ...dims] }));
  return [...finals, ...scans];
}

/** Whether only the trip count ends the loop: the condition starts true and each turn hands it on. */
function isCounted(ctx: InferContext, body: Graph): boolean {
  const starts = !ctx.has(1) || ctx.constant(1)?.data[0] === 1;
  let name = body.outputs[0]?.name;
  for (const node of body.nodes.toReversed()) {
    if (node.op === "Identity" && node.outputs[0] === name) name = node.inputs[0];
  }
  const isTrue = name !== undefined && body.initializers.get(name)?.data[0] === 1;
  return starts && (isTrue || name === body.inputs[1]?.name);
}

function inferScan(ctx: InferContext): readonly ValueType[] {
  const body = ctx.graph("body");
  const scanned = ctx.int("num_scan_inputs") ?? 0;
  const stateCount = ctx.inputCount - scanned;
  if (scanned < 1 || stateCount < 0) {
    ctx.issue(`num_scan_inputs is ${scanned}; the node has ${ctx.inputCount} inputs`);
    return [];
  }
  if (body === undefined || !checkCounts(ctx, body, ctx.inputCount, 0)) return [];
  const states = body.inputs.slice(0, stateCount).map((input, index) => {
    const initial = { dtype: ctx.dtype(index), dims: ctx.dims(index) };
    checkInput(ctx, input, initial);
    const output = body.outputs[index] ?? input;
    const { issue } = unifyDims(input.dims, output.dims);
    if (issue !== undefined) ctx.issue(`the state ${input.name} changes its shape: ${issue}`);
    return carried(ctx, input, output, initial.dims);
  });
  const length = scanLength(ctx, body, stateCount);
  const axes = scanAxes(ctx, "output", body.outputs.length - stateCount);
  const outputs = body.outputs.slice(stateCount).map(({ dtype, dims }, index): ValueType => {
    const axis = normalizeAxis(ctx, axes[index] ?? 0, dims.length + 1, "scan_output_axes");
    return { dtype, dims: axis === undefined ? undefined : dims.toSpliced(axis, 0, length) };
  });
  return [...states, ...outputs];
}

/** One axis per scanned input or output; 0 unless said. Its direction must come in the same number. */
function scanAxes(ctx: InferContext, kind: "input" | "output", count: number): readonly number[] {
  const axes = ctx.ints(`scan_${kind}_axes`);
  const directions = ctx.ints(`scan_${kind}_directions`);
  for (const [name, given] of [
    ["axes", axes],
    ["directions", directions],
  ] as const) {
    if (given !== undefined && given.length !== count) {
      ctx.issue(`scan_${kind}_${name} has ${given.length} elements, not ${count}`);
    }
  }
  if (directions?.some((direction) => direction !== 0 && direction !== 1)) {
    ctx.issue(`scan_${kind}_directions must be 0 (forward) or 1`);
  }
  return axes ?? Array.from({ length: count }, () => 0);
}

/** How many slices the scanned inputs have; all must have as many. */
function scanLength(ctx: InferContext, body: Graph, stateCount: number): Dim {
  const axes = scanAxes(ctx, "input", ctx.inputCount - stateCount);
  let length: Dim;
  for (const [index, input] of body.inputs.slice(stateCount).entries()) {
    const [dtype, dims] = [ctx.dtype(stateCount + index), ctx.dims(stateCount + index)];
    const axis = dims && normalizeAxis(ctx, axes[index] ?? 0, dims.length, "scan_input_axes");
    checkInput(ctx, input, { dtype, dims: axis === undefined ? undefined : dims?.toSpliced(axis, 1) });
    const merged = axis === undefined ? length : unifyDim(length, dims?.[axis]);
    if (typeof merged === "object")
      ctx.issue(`scanned inputs have ${length} and ${dims?.[axis ?? 0]} slices`);
    else length = merged;
  }
  return length;
}

const body = { type: "graph", required: true } as const;
const values = { V: anyType };

export const controlOps: readonly OpDefinition[] = [
  defineOp({
    op: "If",
    since: 16,
    inputs: [param("cond", "bool")],
    outputs: [mixed("outputs", "V")],
    types: values,
    attributes: { then_branch: body, else_branch: body },
    infer: inferIf,
  }),
  defineOp({
    op: "Loop",
    since: 16,
    inputs: [optional("M", "int64"), optional("cond", "bool"), mixed("v_initial", "V")],
    outputs: [mixed("v_final_and_scan_outputs", "V")],
    types: values,
    attributes: { body },
    infer: inferLoop,
  }),
  defineOp({
    op: "Scan",
    since: 16,
    inputs: [mixed("initial_state_and_scan_inputs", "V")],
    outputs: [mixed("final_state_and_scan_outputs", "V")],
    types: values,
    attributes: {
      body,
      num_scan_inputs: { type: "int", required: true },
      scan_input_axes: { type: "ints" },
      scan_input_directions: { type: "ints" },
      scan_output_axes: { type: "ints" },
      scan_output_directions: { type: "ints" },
    },
    infer: inferScan,
  }),
];

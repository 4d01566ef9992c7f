/** Ops that read or change a shape and leave the elements as they are. */
import type { Dim } from "@attune/contracts";
import { broadcastDims, type Dims, dimProduct, elementCount, formatDims } from "../dims.ts";
import {
  anyType,
  defineOp,
  type InferContext,
  type OpDefinition,
  optional,
  param,
  type ValueType,
} from "./define.ts";
import { dimsFromInput, knownNumbers, normalizeAxes, normalizeAxis, vectorLength } from "./rules.ts";

function inferShape(ctx: InferContext): readonly ValueType[] {
  const dims = ctx.dims(0);
  if (dims === undefined) return [{ dims: [undefined] }];
  const clamp = (at: number) => Math.min(Math.max(at < 0 ? at + dims.length : at, 0), dims.length);
  const values = dims.slice(clamp(ctx.int("start") ?? 0), clamp(ctx.int("end") ?? dims.length));
  return [{ dims: [values.length], values }];
}

/** 0 copies the input's dim, −1 is what is left over. */
function inferReshape(ctx: InferContext): readonly ValueType[] {
  const from = ctx.dims(0);
  const wanted = dimsFromInput(ctx, 1, "shape");
  if (wanted === undefined) return [{}];
  if (ctx.values(1) === undefined) return [{ dims: wanted }];
  if (wanted.filter((dim) => dim === -1).length > 1)
    ctx.issue(`shape ${formatDims(wanted)} has more than one -1`);
  const dims = wanted.map((dim, axis): Dim => {
    if (dim !== 0 || ctx.int("allowzero") === 1) return dim === -1 ? undefined : dim;
    if (from !== undefined && axis >= from.length) ctx.issue(`shape: 0 at axis ${axis} has no dim to copy`);
    return from?.[axis];
  });
  const open = wanted.indexOf(-1);
  if (from === undefined) return [{ dims }];
  if (open >= 0) dims[open] = remainder(ctx, from, dims.toSpliced(open, 1));
  else checkSameCount(ctx, from, dims);
  return [{ dims }];
}

/** The dim that −1 stands for: cancel the symbols that both sides share, then divide the numbers. */
function remainder(ctx: InferContext, from: Dims, rest: Dims): Dim {
  const isNumber = (dim: Dim) => typeof dim === "number";
  const symbols = from.filter((dim) => !isNumber(dim));
  for (const dim of rest.filter((other) => !isNumber(other))) {
    const at = dim === undefined ? -1 : symbols.indexOf(dim);
    if (at < 0) return undefined;
    symbols.splice(at, 1);
  }
  const whole = elementCount(from.filter(isNumber)) ?? 1;
  const part = elementCount(rest.filter(isNumber)) ?? 1;
  if (part === 0) return undefined;
  if (whole % part === 0) return dimProduct([whole / part, ...symbols]);
  if (symbols.length === 0) {
    ctx.issue(`${formatDims(from)} does not divide into ${formatDims([...rest, -1])}`);
  }
  return undefined;
}

function checkSameCount(ctx: InferContext, from: Dims, to: Dims): void {
  const [a, b] = [elementCount(from), elementCount(to)];
  if (a !== undefined && b !== undefined && a !== b) {
    ctx.issue(`${formatDims(from)} has ${a} elements, ${formatDims(to)} has ${b}`);
  }
}

function inferUnsqueeze(ctx: InferContext): readonly ValueType[] {
  const dims = ctx.dims(0);
  const count = vectorLength(ctx, 1, "axes");
  const axes = knownNumbers(ctx.values(1));
  if (dims === undefined) return [{}];
  if (axes === undefined) {
    const known = typeof count === "number";
    return [{ dims: known ? Array.from({ length: dims.length + count }, () => undefined) : undefined }];
  }
  const rank = dims.length + axes.length;
  const added = normalizeAxes(ctx, axes, rank);
  if (added === undefined) return [{}];
  const rest = [...dims];
  const result = Array.from({ length: rank }, (_, axis) => (added.includes(axis) ? 1 : rest.shift()));
  return [{ dims: result, values: rank <= 1 ? ctx.values(0) : undefined }];
}

function inferSqueeze(ctx: InferContext): readonly ValueType[] {
  const dims = ctx.dims(0);
  if (dims === undefined) return [{}];
  if (!ctx.has(1)) {
    if (dims.some((dim) => typeof dim !== "number")) return [{}];
    return [{ dims: dims.filter((dim) => dim !== 1), values: ctx.values(0) }];
  }
  const axes = knownNumbers(ctx.values(1));
  const removed = axes && normalizeAxes(ctx, axes, dims.length);
  if (removed === undefined) return [{}];
  for (const axis of removed) {
    const dim = dims[axis];
    if (typeof dim === "number" && dim !== 1) ctx.issue(`axis ${axis} of ${formatDims(dims)} is not 1`);
  }
  return [{ dims: dims.filter((_, axis) => !removed.includes(axis)), values: ctx.values(0) }];
}

function inferTranspose(ctx: InferContext): readonly ValueType[] {
  const dims = ctx.dims(0);
  if (dims === undefined) return [{}];
  const order = ctx.ints("perm") ?? dims.map((_, axis) => dims.length - 1 - axis);
  if (order.toSorted((a, b) => a - b).join() !== dims.map((_, axis) => axis).join()) {
    ctx.issue(`perm [${order.join(", ")}] is no order of the ${dims.length} axes`);
    return [{}];
  }
  return [{ dims: order.map((axis) => dims[axis]) }];
}

function inferExpand(ctx: InferContext): readonly ValueType[] {
  const wanted = dimsFromInput(ctx, 1, "shape");
  const { dims, issue } = broadcastDims([ctx.dims(0), wanted]);
  if (issue !== undefined) ctx.issue(issue);
  return [{ dims }];
}

function inferFlatten(ctx: InferContext): readonly ValueType[] {
  const dims = ctx.dims(0);
  if (dims === undefined) return [{ dims: [undefined, undefined] }];
  const given = ctx.int("axis") ?? 1;
  const axis = given === dims.length ? given : normalizeAxis(ctx, given, dims.length);
  if (axis === undefined) return [{}];
  return [{ dims: [dimProduct(dims.slice(0, axis)), dimProduct(dims.slice(axis))] }];
}

const shapeInput = [param("data"), param("shape", "int64")];

export const shapeOps: readonly OpDefinition[] = [
  defineOp({
    op: "Shape",
    since: 15,
    inputs: [param("data")],
    outputs: [param("shape", "int64")],
    types: { T: anyType },
    attributes: { start: { type: "int", default: 0 }, end: { type: "int" } },
    infer: inferShape,
  }),
  defineOp({
    op: "Size",
    since: 13,
    inputs: [param("data")],
    outputs: [param("size", "int64")],
    types: { T: anyType },
    infer(ctx) {
      const dims = ctx.dims(0);
      return [{ dims: [], values: dims && [dimProduct(dims)] }];
    },
  }),
  defineOp({
    op: "Reshape",
    since: 14,
    inputs: shapeInput,
    outputs: [param("reshaped")],
    types: { T: anyType },
    attributes: { allowzero: { type: "int", default: 0 } },
    infer(ctx) {
      const [output = {}] = inferReshape(ctx);
      return [(output.dims?.length ?? 2) <= 1 ? { ...output, values: ctx.values(0) } : output];
    },
  }),
  defineOp({
    op: "Expand",
    since: 13,
    inputs: [param("input"), param("shape", "int64")],
    outputs: [param("output")],
    types: { T: anyType },
    infer: inferExpand,
  }),
  defineOp({
    op: "Unsqueeze",
    since: 13,
    inputs: [param("data"), param("axes", "int64")],
    outputs: [param("expanded")],
    types: { T: anyType },
    infer: inferUnsqueeze,
  }),
  defineOp({
    op: "Squeeze",
    since: 13,
    inputs: [param("data"), optional("axes", "int64")],
    outputs: [param("squeezed")],
    types: { T: anyType },
    infer: inferSqueeze,
  }),
  defineOp({
    op: "Transpose",
    since: 13,
    inputs: [param("data")],
    outputs: [param("transposed")],
    types: { T: anyType },
    attributes: { perm: { type: "ints" } },
    infer: inferTranspose,
  }),
  defineOp({
    op: "Flatten",
    since: 13,
    inputs: [param("input")],
    outputs: [param("output")],
    types: { T: anyType },
    attributes: { axis: { type: "int", default: 1 } },
    infer: inferFlatten,
  }),
];

/** Ops that cut, join, pad and repeat. */
import type { Dim } from "@attune/contracts";
import { dimProduct, dimSum, formatDims, unifyDim } from "../dims.ts";
import {
  anyType,
  defineOp,
  type InferContext,
  integer,
  notString,
  type OpDefinition,
  optional,
  param,
  type ValueType,
  variadic,
} from "./define.ts";
import { knownNumbers, normalizeAxes, normalizeAxis, vectorLength } from "./rules.ts";

function inferConcat(ctx: InferContext): readonly ValueType[] {
  const shapes = Array.from({ length: ctx.inputCount }, (_, index) => ctx.dims(index));
  if (!shapes.every((dims) => dims !== undefined)) return [{}];
  const first = shapes[0] ?? [];
  const axis = normalizeAxis(ctx, ctx.int("axis") ?? 0, first.length);
  if (axis === undefined) return [{}];
  const dims: Dim[] = [...first];
  for (const shape of shapes.slice(1)) {
    for (let at = 0; at < Math.max(first.length, shape.length); at++) {
      const dim = at === axis ? undefined : unifyDim(dims[at], shape[at]);
      if (shape.length !== first.length || typeof dim === "object") {
        ctx.issue(`${shapes.map(formatDims).join(" and ")} differ outside axis ${axis}`);
        return [{}];
      }
      if (at !== axis) dims[at] = dim;
    }
  }
  dims[axis] = dimSum(shapes.map((shape) => shape[axis]));
  const parts = shapes.map((_, index) => ctx.values(index));
  const known = dims.length === 1 && parts.every((part) => part !== undefined);
  return [{ dims, values: known ? parts.flat() : undefined }];
}

/** Elements that `start:end:step` takes of `size`, as ONNX clamps them. */
function sliceRange(size: number, start: number, end: number, step: number): readonly [number, number] {
  const clamp = (at: number, low: number, high: number) =>
    Math.min(Math.max(at < 0 ? at + size : at, low), high);
  const from = step > 0 ? clamp(start, 0, size) : clamp(start, 0, size - 1);
  const to = step > 0 ? clamp(end, 0, size) : clamp(end, -1, size - 1);
  return [from, Math.max(0, Math.ceil((to - from) / step))];
}

function slicedDim(
  dim: Dim,
  start: number | undefined,
  end: number | undefined,
  step: number | undefined,
): Dim {
  if (start === undefined || end === undefined || step === undefined) return undefined;
  if (typeof dim === "number") return sliceRange(dim, start, end, step)[1];
  const whole =
    (start === 0 && end > 2 ** 31 && step === 1) || (start === -1 && end < -(2 ** 31) && step === -1);
  return whole ? dim : undefined;
}

function inferSlice(ctx: InferContext): readonly ValueType[] {
  const dims = ctx.dims(0);
  const count = vectorLength(ctx, 1, "starts");
  for (const [index, name] of [
    [2, "ends"],
    [3, "axes"],
    [4, "steps"],
  ] as const) {
    if (ctx.has(index) && typeof unifyDim(count, vectorLength(ctx, index, name)) === "object") {
      ctx.issue(`${name} and starts differ in length`);
    }
  }
  if (dims === undefined) return [{}];
  const starts = knownNumbers(ctx.values(1));
  const ends = knownNumbers(ctx.values(2));
  const steps = ctx.has(4) ? knownNumbers(ctx.values(4)) : undefined;
  const given = ctx.has(3) ? knownNumbers(ctx.values(3)) : undefined;
  if (steps?.includes(0)) ctx.issue("a step is 0");
  if ((ctx.has(3) && given === undefined) || typeof count !== "number") {
    return [{ dims: dims.map(() => undefined) }];
  }
  const axes = normalizeAxes(ctx, given ?? Array.from({ length: count }, (_, axis) => axis), dims.length);
  if (axes === undefined) return [{}];
  const result: Dim[] = [...dims];
  axes.forEach((axis, i) => {
    const step = ctx.has(4) ? steps?.[i] : 1;
    result[axis] = slicedDim(dims[axis], starts?.[i], ends?.[i], step);
  });
  return [
    {
      dims: result,
      values: slicedValues(ctx.values(0), starts?.[0], ends?.[0], ctx.has(4) ? steps?.[0] : 1),
    },
  ];
}

function slicedValues(
  values: readonly Dim[] | undefined,
  start: number | undefined,
  end: number | undefined,
  step: number | undefined,
): readonly Dim[] | undefined {
  if (values === undefined || start === undefined || end === undefined || step === undefined)
    return undefined;
  const [from, length] = sliceRange(values.length, start, end, step);
  return Array.from({ length }, (_, i) => values[from + i * step]);
}

function inferPad(ctx: InferContext): readonly ValueType[] {
  const dims = ctx.dims(0);
  const length = vectorLength(ctx, 1, "pads");
  const pads = knownNumbers(ctx.values(1));
  if (dims === undefined) return [{}];
  const given = ctx.has(3) ? knownNumbers(ctx.values(3)) : dims.map((_, axis) => axis);
  if (given === undefined) return [{ dims: dims.map(() => undefined) }];
  const axes = normalizeAxes(ctx, given, dims.length);
  if (axes === undefined) return [{}];
  if (typeof length === "number" && length !== 2 * axes.length) {
    ctx.issue(`pads has ${length} elements, ${axes.length} axes want ${2 * axes.length}`);
    return [{}];
  }
  const result: Dim[] = [...dims];
  axes.forEach((axis, i) => {
    const [before, after] = [pads?.[i], pads?.[axes.length + i]];
    const dim = dims[axis];
    const known = before !== undefined && after !== undefined;
    if (!known) result[axis] = undefined;
    else if (typeof dim === "number") result[axis] = Math.max(0, dim + before + after);
    else if (before + after !== 0) result[axis] = undefined;
  });
  return [{ dims: result }];
}

function inferTile(ctx: InferContext): readonly ValueType[] {
  const dims = ctx.dims(0);
  const length = vectorLength(ctx, 1, "repeats");
  if (dims === undefined) return [{}];
  if (typeof length === "number" && length !== dims.length) {
    ctx.issue(`repeats has ${length} elements for ${dims.length} axes`);
    return [{}];
  }
  const repeats = ctx.values(1);
  return [{ dims: dims.map((dim, axis) => (repeats ? dimProduct([dim, repeats[axis]]) : undefined)) }];
}

function inferSplit(ctx: InferContext): readonly ValueType[] {
  const dims = ctx.dims(0);
  const unknown = Array.from({ length: ctx.outputCount }, () => ({}));
  if (dims === undefined) return unknown;
  const axis = normalizeAxis(ctx, ctx.int("axis") ?? 0, dims.length);
  if (axis === undefined) return unknown;
  const sizes = ctx.values(1);
  const whole = dims[axis];
  if (sizes !== undefined && sizes.length !== ctx.outputCount) {
    ctx.issue(`split has ${sizes.length} elements for ${ctx.outputCount} outputs`);
  }
  const chunk = typeof whole === "number" && !ctx.has(1) ? Math.ceil(whole / ctx.outputCount) : undefined;
  return unknown.map((_, index) => {
    const even =
      chunk === undefined || typeof whole !== "number"
        ? undefined
        : Math.max(0, Math.min(chunk, whole - index * chunk));
    return { dims: dims.with(axis, ctx.has(1) ? sizes?.[index] : even) };
  });
}

const padModes = ["constant", "reflect", "edge"];

function pad(since: number, withAxes: boolean, modes: readonly string[], until?: number) {
  return defineOp({
    op: "Pad",
    since,
    ...(until === undefined ? {} : { until }),
    inputs: [
      param("data"),
      param("pads", "int64"),
      optional("constant_value"),
      // ONNX Runtime reads constant axes as int64 only.
      ...(withAxes ? [optional("axes", "int64")] : []),
    ],
    outputs: [param("output")],
    types: { T: notString },
    attributes: { mode: { type: "string", default: "constant", oneOf: modes } },
    infer: inferPad,
  });
}

const split = { inputs: [param("input"), optional("split", "int64")], outputs: [variadic("outputs")] };

export const joinOps: readonly OpDefinition[] = [
  defineOp({
    op: "Concat",
    since: 13,
    inputs: [variadic("inputs")],
    outputs: [param("concat_result")],
    types: { T: anyType },
    attributes: { axis: { type: "int", required: true } },
    infer: inferConcat,
  }),
  defineOp({
    op: "Slice",
    since: 13,
    inputs: [
      param("data"),
      param("starts", "Tind"),
      param("ends", "Tind"),
      optional("axes", "Tind"),
      optional("steps", "Tind"),
    ],
    outputs: [param("output")],
    types: { T: anyType, Tind: integer },
    infer: inferSlice,
  }),
  defineOp({
    op: "Split",
    since: 13,
    until: 17,
    ...split,
    types: { T: anyType },
    attributes: { axis: { type: "int", default: 0 } },
    infer: inferSplit,
  }),
  defineOp({
    op: "Split",
    since: 18,
    ...split,
    types: { T: anyType },
    attributes: { axis: { type: "int", default: 0 }, num_outputs: { type: "int" } },
    infer(ctx) {
      if (ctx.has(1) === (ctx.int("num_outputs") !== undefined)) {
        ctx.issue("wants either the input split or the attribute num_outputs");
      }
      return inferSplit(ctx);
    },
  }),
  pad(13, false, padModes, 17),
  pad(18, true, padModes, 18),
  pad(19, true, [...padModes, "wrap"]),
  defineOp({
    op: "Tile",
    since: 13,
    inputs: [param("input"), param("repeats", "int64")],
    outputs: [param("output")],
    types: { T: anyType },
    infer: inferTile,
  }),
];

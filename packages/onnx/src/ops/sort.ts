/** Ops that order elements or count them out. */
import type { Dim } from "@attune/contracts";
import { unifyDims } from "../dims.ts";
import {
  anyType,
  defineOp,
  type InferContext,
  numeric,
  type OpDefinition,
  optional,
  param,
  type ValueType,
} from "./define.ts";
import { knownNumbers, normalizeAxis, requireRank } from "./rules.ts";

/**
 * Ties keep index order in ONNX Runtime. Two traps of its version 1.30: K beyond the axis is an error only at run time,
 * and an input with zero rows ends the process (SIGFPE), so batches must not be empty.
 */
function inferTopK(ctx: InferContext): readonly ValueType[] {
  const dims = ctx.dims(0);
  requireRank(ctx, 1, "K", 1);
  if (dims === undefined) return [{}, {}];
  const axis = normalizeAxis(ctx, ctx.int("axis") ?? -1, dims.length);
  if (axis === undefined) return [{}, {}];
  const k = ctx.values(1)?.[0];
  const size = dims[axis];
  if (typeof k === "number" && typeof size === "number" && k > size) {
    ctx.issue(`K is ${k}, the axis has ${size} elements`);
  }
  const result = dims.with(axis, k);
  return [{ dims: result }, { dims: result }];
}

function inferRange(ctx: InferContext): readonly ValueType[] {
  const [start, limit, delta] = [0, 1, 2].map(
    (index) => ctx.values(index)?.[0] ?? constantNumber(ctx, index),
  );
  for (const [index, name] of ["start", "limit", "delta"].entries()) requireRank(ctx, index, name, 0);
  const numbers = knownNumbers([start, limit, delta]);
  let length: Dim = start === 0 && delta === 1 ? limit : undefined;
  if (numbers !== undefined) {
    const [from = 0, to = 0, step = 1] = numbers;
    if (step === 0) ctx.issue("delta is 0");
    else length = Math.max(0, Math.ceil((to - from) / step));
  }
  return [{ dims: [length] }];
}

/** A constant scalar of any numeric dtype. */
function constantNumber(ctx: InferContext, index: number): number | undefined {
  const data = ctx.constant(index)?.data;
  return data?.length === 1 && typeof data[0] !== "string" ? Number(data[0]) : undefined;
}

function inferUnique(ctx: InferContext): readonly ValueType[] {
  const [dims, given] = [ctx.dims(0), ctx.int("axis")];
  const axis = dims !== undefined && given !== undefined ? normalizeAxis(ctx, given, dims.length) : undefined;
  const values =
    given === undefined ? [undefined] : axis === undefined ? undefined : dims?.with(axis, undefined);
  const counts = { dims: [undefined] };
  return [{ dims: values }, counts, counts, counts];
}

function inferReverseSequence(ctx: InferContext): readonly ValueType[] {
  const [dims, time, batch] = [ctx.dims(0), ctx.int("time_axis") ?? 0, ctx.int("batch_axis") ?? 1];
  requireRank(ctx, 1, "sequence_lens", 1);
  if ([time, batch].toSorted().join() !== "0,1") {
    ctx.issue(`time_axis ${time} and batch_axis ${batch} must be 0 and 1, in either order`);
  }
  if (dims !== undefined && dims.length < 2) ctx.issue("input must have at least two axes");
  const { issue } = unifyDims(ctx.dims(1), [dims?.[batch]]);
  if (issue !== undefined) ctx.issue(`sequence_lens: ${issue}`);
  return [{ dims }];
}

export const sortOps: readonly OpDefinition[] = [
  defineOp({
    op: "TopK",
    since: 11,
    inputs: [param("X"), param("K", "int64")],
    outputs: [param("Values"), param("Indices", "int64")],
    types: { T: numeric },
    attributes: {
      axis: { type: "int", default: -1 },
      largest: { type: "int", default: 1 },
      sorted: { type: "int", default: 1 },
    },
    infer: inferTopK,
  }),
  defineOp({
    op: "Range",
    since: 11,
    inputs: [param("start"), param("limit"), param("delta")],
    outputs: [param("output")],
    types: { T: numeric },
    infer: inferRange,
  }),
  defineOp({
    op: "ReverseSequence",
    since: 10,
    inputs: [param("input"), param("sequence_lens", "int64")],
    outputs: [param("Y")],
    types: { T: anyType },
    attributes: { time_axis: { type: "int", default: 0 }, batch_axis: { type: "int", default: 1 } },
    infer: inferReverseSequence,
  }),
  defineOp({
    op: "Unique",
    since: 11,
    inputs: [param("X")],
    outputs: [
      param("Y"),
      optional("indices", "int64"),
      optional("inverse_indices", "int64"),
      optional("counts", "int64"),
    ],
    types: { T: ["float32", "float64", "int64", "string"] },
    attributes: { axis: { type: "int" }, sorted: { type: "int", default: 1 } },
    infer: inferUnique,
  }),
];

/** Matrix products. */
import type { Dim } from "@attune/contracts";
import { broadcastDims, formatDims, unifyDim } from "../dims.ts";
import {
  defineOp,
  floating,
  type InferContext,
  numeric,
  type OpDefinition,
  optional,
  param,
} from "./define.ts";
import { requireRank } from "./rules.ts";

/** `[..., m, k] × [..., k, n] → [..., m, n]`; one axis is a row or a column that leaves again. */
function inferMatMul(ctx: InferContext) {
  const a = ctx.dims(0);
  const b = ctx.dims(1);
  if (a === undefined || b === undefined) return [{}];
  if (a.length === 0 || b.length === 0) {
    ctx.issue("inputs must have at least one axis");
    return [{}];
  }
  const inner = unifyDim(a.at(-1), b.length === 1 ? b[0] : b.at(-2));
  if (typeof inner === "object") {
    ctx.issue(`inner dims of ${formatDims(a)} and ${formatDims(b)} differ`);
    return [{}];
  }
  const { dims: batch, issue } = broadcastDims([a.slice(0, -2), b.slice(0, -2)]);
  if (issue !== undefined) ctx.issue(`batch dims: ${issue}`);
  if (batch === undefined) return [{}];
  const rows = a.length === 1 ? [] : [a.at(-2)];
  const columns = b.length === 1 ? [] : [b.at(-1)];
  return [{ dims: [...batch, ...rows, ...columns] }];
}

function inferGemm(ctx: InferContext) {
  if (!requireRank(ctx, 0, "A", 2) || !requireRank(ctx, 1, "B", 2)) return [{}];
  const a: readonly Dim[] = ctx.dims(0) ?? [undefined, undefined];
  const b: readonly Dim[] = ctx.dims(1) ?? [undefined, undefined];
  const [rows, innerA] = ctx.int("transA") ? [a[1], a[0]] : [a[0], a[1]];
  const [innerB, columns] = ctx.int("transB") ? [b[1], b[0]] : [b[0], b[1]];
  if (typeof unifyDim(innerA, innerB) === "object") {
    ctx.issue(`inner dims of ${formatDims(a)} and ${formatDims(b)} differ`);
  }
  const dims = [rows, columns];
  const c = ctx.dims(2);
  if (c !== undefined && (c.length > 2 || broadcastDims([dims, c]).issue !== undefined)) {
    ctx.issue(`C ${formatDims(c)} does not broadcast to ${formatDims(dims)}`);
  }
  return [{ dims }];
}

function inferDet(ctx: InferContext) {
  const dims = ctx.dims(0);
  if (dims === undefined) return [{}];
  if (dims.length < 2 || typeof unifyDim(dims.at(-1), dims.at(-2)) === "object") {
    ctx.issue(`X ${formatDims(dims)} does not end in a square matrix`);
  }
  return [{ dims: dims.slice(0, -2) }];
}

export const matrixOps: readonly OpDefinition[] = [
  defineOp({
    op: "MatMul",
    since: 13,
    inputs: [param("A"), param("B")],
    outputs: [param("Y")],
    types: { T: numeric },
    infer: inferMatMul,
  }),
  defineOp({
    op: "Gemm",
    since: 13,
    inputs: [param("A"), param("B"), optional("C")],
    outputs: [param("Y")],
    types: { T: floating },
    attributes: {
      alpha: { type: "float", default: 1 },
      beta: { type: "float", default: 1 },
      transA: { type: "int", default: 0 },
      transB: { type: "int", default: 0 },
    },
    infer: inferGemm,
  }),
  defineOp({
    op: "Det",
    since: 11,
    inputs: [param("X")],
    outputs: [param("Y")],
    types: { T: ["float32"] },
    infer: inferDet,
  }),
];

/** Inference rules that several ops share: broadcasting, axes, folding of small integer tensors. */
import type { Dim } from "@attune/contracts";
import { broadcastDims, type Dims, formatDims, maxRank } from "../dims.ts";
import type { InferContext, ValueType } from "./define.ts";

/** The output looks like the first input. */
export function sameAsFirst(ctx: InferContext): readonly ValueType[] {
  return [{ dims: ctx.dims(0) }];
}

/** numpy broadcasting over all inputs. */
export function broadcastAll(ctx: InferContext): readonly ValueType[] {
  return [{ dims: broadcastInputs(ctx) }];
}

function broadcastInputs(ctx: InferContext): Dims | undefined {
  const shapes = Array.from({ length: ctx.inputCount }, (_, index) => ctx.dims(index));
  const { dims, issue } = broadcastDims(shapes);
  if (issue !== undefined) ctx.issue(issue);
  return dims;
}

/** Broadcasting, and the result itself where both inputs are small known integers. */
export function broadcastFold(fold: (a: Dim, b: Dim) => Dim): (ctx: InferContext) => readonly ValueType[] {
  return (ctx) => {
    const dims = broadcastInputs(ctx);
    const a = ctx.values(0);
    const b = ctx.values(1);
    if (a === undefined || b === undefined || dims === undefined || dims.length > 1) return [{ dims }];
    const length = a.length === 1 ? b.length : a.length;
    if (b.length !== 1 && b.length !== length) return [{ dims }];
    const values = Array.from({ length }, (_, i) =>
      fold(a[a.length === 1 ? 0 : i], b[b.length === 1 ? 0 : i]),
    );
    return [{ dims, values }];
  };
}

/** An axis in `[-rank, rank)` as one in `[0, rank)`; an issue and `undefined` outside. */
export function normalizeAxis(
  ctx: InferContext,
  axis: number,
  rank: number,
  what = "axis",
): number | undefined {
  if (Number.isInteger(axis) && axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  ctx.issue(`${what} ${axis} is outside [-${rank}, ${rank})`);
  return undefined;
}

/** All axes normalized and distinct, or `undefined` after an issue. */
export function normalizeAxes(
  ctx: InferContext,
  axes: readonly number[],
  rank: number,
): readonly number[] | undefined {
  const result = axes.map((axis) => normalizeAxis(ctx, axis, rank));
  if (!result.every((axis) => axis !== undefined)) return undefined;
  if (new Set(result).size !== result.length) {
    ctx.issue(`axes ${axes.join(", ")} name an axis twice`);
    return undefined;
  }
  return result;
}

/** Values where every one is a number. */
export function knownNumbers(values: readonly Dim[] | undefined): readonly number[] | undefined {
  return values?.every((value) => typeof value === "number") ? values : undefined;
}

/** The input's only dim, where its rank is known and must be 1 (shapes, axes, repeats). */
export function vectorLength(ctx: InferContext, index: number, name: string): Dim {
  const dims = ctx.dims(index);
  if (dims === undefined) return undefined;
  if (dims.length !== 1) {
    ctx.issue(`${name} must have one axis, not ${formatDims(dims)}`);
    return undefined;
  }
  const [length] = dims;
  if (typeof length === "number" && length > 2 * maxRank) {
    ctx.issue(`${name} has ${length} elements; more than ${2 * maxRank} are not supported`);
    return undefined;
  }
  return length;
}

/** A shape given as an input tensor: its values where known, else that many unknown dims. */
export function dimsFromInput(ctx: InferContext, index: number, name: string): Dims | undefined {
  const length = vectorLength(ctx, index, name);
  const values = ctx.values(index);
  if (values !== undefined) return values;
  return typeof length === "number" ? Array.from({ length }, () => undefined) : undefined;
}

/** Requires a rank where it is known. */
export function requireRank(ctx: InferContext, index: number, name: string, rank: number): boolean {
  const dims = ctx.dims(index);
  if (dims === undefined || dims.length === rank) return true;
  ctx.issue(`${name} must have ${rank} ax${rank === 1 ? "is" : "es"}, not ${formatDims(dims)}`);
  return false;
}

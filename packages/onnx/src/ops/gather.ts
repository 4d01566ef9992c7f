/** Ops that read or write elements by index. */
import type { Dim } from "@attune/contracts";
import { type Dims, formatDims, unifyDims } from "../dims.ts";
import {
  anyType,
  defineOp,
  type InferContext,
  integer,
  notString,
  numeric,
  type OpDefinition,
  optional,
  param,
  type ValueType,
} from "./define.ts";
import { knownNumbers, normalizeAxis } from "./rules.ts";

function inferGather(ctx: InferContext): readonly ValueType[] {
  const data = ctx.dims(0);
  const indices = ctx.dims(1);
  if (data === undefined) return [{}];
  const axis = normalizeAxis(ctx, ctx.int("axis") ?? 0, data.length);
  if (axis === undefined || indices === undefined) return [{}];
  const dims = [...data.slice(0, axis), ...indices, ...data.slice(axis + 1)];
  checkIndexes(ctx, data[axis]);
  const values = ctx.values(0);
  const at = knownNumbers(ctx.values(1));
  const picked = values && at && data.length === 1 ? at.map((i) => values.at(i)) : undefined;
  return [{ dims, values: picked }];
}

function checkIndexes(ctx: InferContext, size: Dim): void {
  if (typeof size !== "number") return;
  for (const index of knownNumbers(ctx.values(1)) ?? []) {
    if (index < -size || index >= size) ctx.issue(`index ${index} is outside [-${size}, ${size})`);
  }
}

function sameRank(ctx: InferContext, names: readonly string[]): Dims | undefined {
  const shapes = names.map((_, index) => ctx.dims(index));
  const [data] = shapes;
  if (data === undefined) return undefined;
  normalizeAxis(ctx, ctx.int("axis") ?? 0, data.length);
  shapes.forEach((dims, index) => {
    if (dims !== undefined && dims.length !== data.length) {
      ctx.issue(`${names[index]} ${formatDims(dims)} must have as many axes as data ${formatDims(data)}`);
    }
  });
  return data;
}

/** The last dim of indices, where known and no larger than the rank it indexes. */
function indexDepth(ctx: InferContext, rank: number, batch: number): number | undefined {
  const depth = ctx.dims(1)?.at(-1);
  if (typeof depth !== "number") return undefined;
  if (depth >= 1 && depth <= rank - batch) return depth;
  ctx.issue(`last dim of indices is ${depth}, outside [1, ${rank - batch}]`);
  return undefined;
}

function inferGatherNd(ctx: InferContext): readonly ValueType[] {
  const data = ctx.dims(0);
  const indices = ctx.dims(1);
  const batch = ctx.int("batch_dims") ?? 0;
  if (data === undefined || indices === undefined) return [{}];
  const depth = indexDepth(ctx, data.length, batch);
  if (depth === undefined) return [{}];
  return [{ dims: [...indices.slice(0, -1), ...data.slice(batch + depth)] }];
}

function inferScatterElements(ctx: InferContext): readonly ValueType[] {
  const dims = sameRank(ctx, ["data", "indices", "updates"]);
  const { issue } = unifyDims(ctx.dims(1), ctx.dims(2));
  if (issue !== undefined) ctx.issue(`indices and updates differ: ${issue}`);
  return [{ dims }];
}

function inferScatterNd(ctx: InferContext): readonly ValueType[] {
  const data = ctx.dims(0);
  const indices = ctx.dims(1);
  if (data === undefined || indices === undefined) return [{ dims: data }];
  const depth = indexDepth(ctx, data.length, 0);
  if (depth !== undefined) {
    const { issue } = unifyDims(ctx.dims(2), [...indices.slice(0, -1), ...data.slice(depth)]);
    if (issue !== undefined) ctx.issue(`updates: ${issue}`);
  }
  return [{ dims: data }];
}

function inferOneHot(ctx: InferContext): readonly ValueType[] {
  const indices = ctx.dims(0);
  if (indices === undefined) return [{}];
  const axis = normalizeAxis(ctx, ctx.int("axis") ?? -1, indices.length + 1);
  if (axis === undefined) return [{}];
  return [{ dims: indices.toSpliced(axis, 0, ctx.values(1)?.[0]) }];
}

const reductions = ["none", "add", "mul", "max", "min"];

function scatter(op: string, since: number, modes: readonly string[], until?: number) {
  const elements = op === "ScatterElements";
  return defineOp({
    op,
    since,
    ...(until === undefined ? {} : { until }),
    inputs: [param("data"), param("indices", elements ? "Tind" : "int64"), param("updates")],
    outputs: [param("output")],
    types: { T: anyType, Tind: integer },
    attributes: {
      ...(elements ? { axis: { type: "int", default: 0 } } : {}),
      reduction: { type: "string", default: "none", oneOf: modes },
    },
    infer(ctx) {
      const [dtype, reduction] = [ctx.dtype(0), ctx.string("reduction")];
      const isOrder = reduction === "max" || reduction === "min";
      if (reduction !== "none" && (dtype === "string" || (dtype === "bool" && isOrder))) {
        ctx.issue(`reduction ${reduction} is not defined for ${dtype}`);
      }
      return elements ? inferScatterElements(ctx) : inferScatterNd(ctx);
    },
  });
}

export const gatherOps: readonly OpDefinition[] = [
  defineOp({
    op: "Gather",
    since: 13,
    inputs: [param("data"), param("indices", "Tind")],
    outputs: [param("output")],
    types: { T: anyType, Tind: integer },
    attributes: { axis: { type: "int", default: 0 } },
    infer: inferGather,
  }),
  defineOp({
    op: "GatherElements",
    since: 13,
    inputs: [param("data"), param("indices", "Tind")],
    outputs: [param("output")],
    types: { T: anyType, Tind: integer },
    attributes: { axis: { type: "int", default: 0 } },
    infer(ctx) {
      sameRank(ctx, ["data", "indices"]);
      return [{ dims: ctx.dims(1) }];
    },
  }),
  defineOp({
    op: "GatherND",
    since: 13,
    inputs: [param("data"), param("indices", "int64")],
    outputs: [param("output")],
    types: { T: anyType },
    attributes: { batch_dims: { type: "int", default: 0 } },
    infer: inferGatherNd,
  }),
  scatter("ScatterElements", 16, ["none", "add", "mul"], 17),
  scatter("ScatterElements", 18, reductions),
  scatter("ScatterND", 16, ["none", "add", "mul"], 17),
  scatter("ScatterND", 18, reductions),
  defineOp({
    op: "OneHot",
    since: 11,
    inputs: [param("indices", "T1"), param("depth", "T2"), param("values", "T3")],
    outputs: [param("output", "T3")],
    // A few of the combinations that ONNX allows have kernels in ONNX Runtime; these do.
    types: { T1: ["int64"], T2: ["int64"], T3: ["float32", "int64", "string"] },
    attributes: { axis: { type: "int", default: -1 } },
    infer: inferOneHot,
  }),
  defineOp({
    op: "NonZero",
    since: 13,
    inputs: [param("X")],
    outputs: [param("Y", "int64")],
    types: { T: ["float32", "int32", "int64", "bool"] },
    infer: (ctx) => [{ dims: [ctx.dims(0)?.length, undefined] }],
  }),
  defineOp({
    op: "Compress",
    since: 11,
    inputs: [param("input"), param("condition", "bool")],
    outputs: [param("output")],
    types: { T: anyType },
    attributes: { axis: { type: "int" } },
    infer(ctx) {
      const [dims, given] = [ctx.dims(0), ctx.int("axis")];
      if (given === undefined) return [{ dims: [undefined] }];
      const axis = dims && normalizeAxis(ctx, given, dims.length);
      return [{ dims: axis === undefined ? undefined : dims?.with(axis, undefined) }];
    },
  }),
  defineOp({
    op: "Trilu",
    since: 14,
    inputs: [param("input"), optional("k", "int64")],
    outputs: [param("output")],
    types: { T: notString },
    attributes: { upper: { type: "int", default: 1 } },
    infer(ctx) {
      const dims = ctx.dims(0);
      if (dims !== undefined && dims.length < 2) ctx.issue("input must have at least two axes");
      return [{ dims }];
    },
  }),
  defineOp({
    op: "EyeLike",
    since: 9,
    inputs: [param("input", "T1")],
    outputs: [param("output", "T2")],
    types: { T1: numeric, T2: numeric },
    attributes: { dtype: { type: "dtype" }, k: { type: "int", default: 0 } },
    infer: (ctx) => [{ dtype: ctx.dataType("dtype") ?? ctx.dtype(0), dims: ctx.dims(0) }],
  }),
];

/** Reductions along axes, and cumulative sums. */
import type { Dim } from "@attune/contracts";
import { dimProduct } from "../dims.ts";
import {
  defineOp,
  type InferContext,
  integer,
  numeric,
  type OpDefinition,
  optional,
  param,
  type ValueType,
} from "./define.ts";
import { knownNumbers, normalizeAxes, normalizeAxis, vectorLength } from "./rules.ts";

type Types = OpDefinition["types"][string];

/** Reduced axes become 1 (`keepdims`) or leave; unknown axes leave dims unknown. */
function reduceDims(ctx: InferContext, axes: readonly number[] | undefined, axesKnown: boolean): ValueType {
  const dims = ctx.dims(0);
  const keep = ctx.int("keepdims") !== 0;
  if (dims === undefined) return {};
  if (!axesKnown) return keep ? { dims: dims.map(() => undefined) } : {};
  const empty = axes === undefined || axes.length === 0;
  if (empty && ctx.int("noop_with_empty_axes") === 1) return { dims, values: ctx.values(0) };
  const reduced = empty ? dims.map((_, axis) => axis) : normalizeAxes(ctx, axes, dims.length);
  if (reduced === undefined) return {};
  const result: Dim[] = [];
  dims.forEach((dim, axis) => {
    if (!reduced.includes(axis)) result.push(dim);
    else if (keep) result.push(1);
  });
  return { dims: result };
}

const keepdims = { keepdims: { type: "int", default: 1 } } as const;

/** Axes come as an input (ReduceSum since 13, the others since 18). */
function reduceByInput(op: string, since: number, types: Types) {
  return defineOp({
    op,
    since,
    inputs: [param("data"), optional("axes", "int64")],
    outputs: [param("reduced")],
    types: { T: types },
    attributes: { ...keepdims, noop_with_empty_axes: { type: "int", default: 0 } },
    infer(ctx) {
      if (ctx.has(1)) vectorLength(ctx, 1, "axes");
      const axes = knownNumbers(ctx.values(1));
      const output = reduceDims(ctx, axes, !ctx.has(1) || axes !== undefined);
      const values = ctx.values(0);
      const folds = op === "ReduceProd" && values !== undefined && output.dims !== undefined;
      return [folds && output.values === undefined ? { ...output, values: [dimProduct(values)] } : output];
    },
  });
}

/** The same op before opset 18: axes are an attribute. */
function reduceByAttribute(op: string, since: number, types: Types) {
  return defineOp({
    op,
    since,
    until: 17,
    inputs: [param("data")],
    outputs: [param("reduced")],
    types: { T: types },
    attributes: { ...keepdims, axes: { type: "ints" } },
    infer: (ctx) => [reduceDims(ctx, ctx.ints("axes"), true)],
  });
}

function reduction(op: string, since: number, types: Types): OpDefinition[] {
  return [reduceByAttribute(op, since, types), reduceByInput(op, 18, types)];
}

function argReduction(op: string) {
  return defineOp({
    op,
    since: 13,
    inputs: [param("data")],
    outputs: [param("reduced", "int64")],
    types: { T: ["float32", "float64", "int32"] },
    attributes: {
      ...keepdims,
      axis: { type: "int", default: 0 },
      select_last_index: { type: "int", default: 0 },
    },
    infer: (ctx) => [{ ...reduceDims(ctx, [ctx.int("axis") ?? 0], true), values: undefined }],
  });
}

const noInt64 = ["float32", "int32"] as const;

export const reduceOps: readonly OpDefinition[] = [
  reduceByInput("ReduceSum", 13, numeric),
  ...reduction("ReduceMax", 13, numeric),
  ...reduction("ReduceMin", 13, numeric),
  ...reduction("ReduceMean", 13, ["float32", "float64", "int32"]),
  ...reduction("ReduceProd", 13, ["float32", "int32", "int64"]),
  ...reduction("ReduceL1", 13, noInt64),
  ...reduction("ReduceL2", 13, noInt64),
  ...reduction("ReduceSumSquare", 13, ["float32", "float64", "int32"]),
  ...reduction("ReduceLogSumExp", 13, ["float32", "float64", "int32"]),
  argReduction("ArgMax"),
  argReduction("ArgMin"),
  defineOp({
    op: "CumSum",
    since: 14,
    inputs: [param("x"), param("axis", "T2")],
    outputs: [param("y")],
    types: { T: numeric, T2: integer },
    attributes: { exclusive: { type: "int", default: 0 }, reverse: { type: "int", default: 0 } },
    infer(ctx) {
      const dims = ctx.dims(0);
      const axis = knownNumbers(ctx.values(1))?.[0];
      if (dims !== undefined && axis !== undefined) normalizeAxis(ctx, axis, dims.length);
      return [{ dims }];
    },
  }),
];

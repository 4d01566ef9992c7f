/** Reductions along axes, and cumulative sums. */
import type { Dim } from "@attune/contracts";
import { dimProduct } from "../dims.ts";
import {
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
import { knownNumbers, normalizeAxes, normalizeAxis, vectorLength } from "./rules.ts";

type Types = OpDefinition["types"][string];
type Range = Pick<OpDefinition, "since" | "until">;

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
function reduceByInput(op: string, range: Range, types: Types) {
  return defineOp({
    op,
    ...range,
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
function reduceByAttribute(op: string) {
  return defineOp({
    op,
    since: 13,
    until: 17,
    inputs: [param("data")],
    outputs: [param("reduced")],
    types: { T: numeric },
    attributes: { ...keepdims, axes: { type: "ints" } },
    infer: (ctx) => [reduceDims(ctx, ctx.ints("axes"), true)],
  });
}

function reduction(op: string): OpDefinition[] {
  return [reduceByAttribute(op), reduceByInput(op, { since: 18 }, numeric)];
}

/** Since opset 20 also of truth values. */
function extremum(op: string): OpDefinition[] {
  return [
    reduceByAttribute(op),
    reduceByInput(op, { since: 18, until: 19 }, numeric),
    reduceByInput(op, { since: 20 }, notString),
  ];
}

function argReduction(op: string) {
  return defineOp({
    op,
    since: 13,
    inputs: [param("data")],
    outputs: [param("reduced", "int64")],
    types: { T: numeric },
    attributes: {
      ...keepdims,
      axis: { type: "int", default: 0 },
      select_last_index: { type: "int", default: 0 },
    },
    infer: (ctx) => [{ ...reduceDims(ctx, [ctx.int("axis") ?? 0], true), values: undefined }],
  });
}

export const reduceOps: readonly OpDefinition[] = [
  reduceByInput("ReduceSum", { since: 13 }, numeric),
  ...extremum("ReduceMax"),
  ...extremum("ReduceMin"),
  ...reduction("ReduceMean"),
  ...reduction("ReduceProd"),
  ...reduction("ReduceL1"),
  ...reduction("ReduceL2"),
  ...reduction("ReduceSumSquare"),
  ...reduction("ReduceLogSum"),
  ...reduction("ReduceLogSumExp"),
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

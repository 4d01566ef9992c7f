/**
 * Ops whose values change from run to run. A `seed` fixes the sequence of one session, not each run. Not among
 * them: Bernoulli, which ONNX Runtime 1.30 draws with the chances reversed; compare a RandomUniformLike instead.
 */
import {
  type AttributeDefinition,
  anyType,
  defineOp,
  floating,
  type InferContext,
  integer,
  type OpDefinition,
  optional,
  param,
} from "./define.ts";
import { requireRank, sameAsFirst } from "./rules.ts";

const seed = { seed: { type: "float" } } as const satisfies Record<string, AttributeDefinition>;
const distributions = {
  Normal: { mean: { type: "float", default: 0 }, scale: { type: "float", default: 1 } },
  Uniform: { low: { type: "float", default: 0 }, high: { type: "float", default: 1 } },
} as const satisfies Record<string, Record<string, AttributeDefinition>>;

function requireFloat(ctx: InferContext, dtype: string | undefined): void {
  if (dtype !== undefined && dtype !== "float32" && dtype !== "float64") {
    ctx.issue(`dtype is ${dtype}; allowed: float32, float64`);
  }
}

/** Numbers of a shape that is an attribute. */
function random(kind: keyof typeof distributions): OpDefinition {
  return defineOp({
    op: `Random${kind}`,
    since: 1,
    inputs: [],
    outputs: [param("output")],
    types: { T: floating },
    attributes: {
      shape: { type: "ints", required: true },
      dtype: { type: "dtype", default: 1 },
      ...distributions[kind],
      ...seed,
    },
    infer(ctx) {
      const [dtype, dims] = [ctx.dataType("dtype"), ctx.ints("shape") ?? []];
      requireFloat(ctx, dtype);
      if (dims.some((dim) => dim < 0)) ctx.issue(`shape [${dims.join(", ")}] has a negative dim`);
      return [{ dtype, dims }];
    },
  });
}

/** Numbers of the input's shape, and dtype unless said otherwise. */
function randomLike(kind: keyof typeof distributions): OpDefinition {
  return defineOp({
    op: `Random${kind}Like`,
    since: 1,
    inputs: [param("input", "T1")],
    outputs: [param("output", "T2")],
    types: { T1: anyType, T2: floating },
    attributes: { dtype: { type: "dtype" }, ...distributions[kind], ...seed },
    infer(ctx) {
      const dtype = ctx.dataType("dtype") ?? ctx.dtype(0);
      requireFloat(ctx, dtype);
      return [{ dtype, dims: ctx.dims(0) }];
    },
  });
}

export const randomOps: readonly OpDefinition[] = [
  random("Normal"),
  random("Uniform"),
  randomLike("Normal"),
  randomLike("Uniform"),
  defineOp({
    op: "Multinomial",
    since: 7,
    inputs: [param("input", "float32")],
    outputs: [param("output", "T2")],
    types: { T2: integer },
    attributes: { dtype: { type: "dtype", default: 6 }, sample_size: { type: "int", default: 1 }, ...seed },
    infer(ctx) {
      requireRank(ctx, 0, "input", 2);
      return [{ dtype: ctx.dataType("dtype"), dims: [ctx.dims(0)?.[0], ctx.int("sample_size")] }];
    },
  }),
  defineOp({
    op: "Dropout",
    since: 13,
    inputs: [param("data"), optional("ratio", "T1"), optional("training_mode", "bool")],
    outputs: [param("output"), optional("mask", "bool")],
    types: { T: floating, T1: floating },
    attributes: { seed: { type: "int" } },
    infer(ctx) {
      for (const [index, name] of [
        [1, "ratio"],
        [2, "training_mode"],
      ] as const) {
        requireRank(ctx, index, name, 0);
      }
      return [...sameAsFirst(ctx), ...sameAsFirst(ctx)];
    },
  }),
];

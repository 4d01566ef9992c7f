/** Casts, copies and constants. */
import { anyType, defineOp, type InferContext, type OpDefinition, param, type ValueType } from "./define.ts";
import { dimsFromInput, sameAsFirst } from "./rules.ts";
import { integerValues, typeOfConstant } from "./values.ts";

function inferConstant(ctx: InferContext): readonly ValueType[] {
  const tensor = ctx.tensor("value");
  if (tensor === undefined) return [{}];
  return [typeOfConstant(tensor)];
}

function inferConstantOfShape(ctx: InferContext): readonly ValueType[] {
  const dims = dimsFromInput(ctx, 0, "input");
  const value = ctx.tensor("value");
  if (value !== undefined && value.data.length !== 1) ctx.issue("attribute value must hold one element");
  const fill = value === undefined ? undefined : integerValues(value)?.[0];
  const length = dims?.length === 1 ? dims[0] : undefined;
  const small = typeof length === "number" && length <= 64 && fill !== undefined;
  return [
    {
      dtype: value?.dtype ?? "float32",
      dims,
      values: small ? Array.from({ length }, () => fill) : undefined,
    },
  ];
}

export const castOps: readonly OpDefinition[] = [
  defineOp({
    op: "Cast",
    since: 13,
    inputs: [param("input", "T1")],
    outputs: [param("output", "T2")],
    types: { T1: anyType, T2: anyType },
    attributes: { to: { type: "dtype", required: true } },
    infer(ctx) {
      const to = ctx.dataType("to");
      const keeps = to === "int64" || to === "int32";
      return [{ dtype: to, dims: ctx.dims(0), values: keeps ? ctx.values(0) : undefined }];
    },
  }),
  defineOp({
    op: "CastLike",
    since: 15,
    inputs: [param("input", "T1"), param("target_type", "T2")],
    outputs: [param("output", "T2")],
    types: { T1: anyType, T2: anyType },
    infer: sameAsFirst,
  }),
  defineOp({
    op: "Identity",
    since: 16,
    inputs: [param("input")],
    outputs: [param("output")],
    types: { T: anyType },
    infer: (ctx) => [{ dims: ctx.dims(0), values: ctx.values(0) }],
  }),
  defineOp({
    op: "Constant",
    since: 13,
    inputs: [],
    outputs: [param("output")],
    types: { T: anyType },
    attributes: { value: { type: "tensor", required: true } },
    infer: inferConstant,
  }),
  defineOp({
    op: "ConstantOfShape",
    since: 9,
    inputs: [param("input", "int64")],
    outputs: [param("output", "T2")],
    types: { T2: ["float32", "float64", "int32", "int64", "bool"] },
    attributes: { value: { type: "tensor" } },
    infer: inferConstantOfShape,
  }),
];

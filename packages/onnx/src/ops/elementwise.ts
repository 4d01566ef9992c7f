/** Arithmetic, element by element. */
import type { Dim } from "@attune/contracts";
import { dimProduct, dimSum } from "../dims.ts";
import {
  type AttributeDefinition,
  defineOp,
  floating,
  numeric,
  type OpDefinition,
  optional,
  param,
  variadic,
} from "./define.ts";
import { broadcastAll, broadcastFold, sameAsFirst } from "./rules.ts";

type Types = OpDefinition["types"][string];

function unary(
  op: string,
  since: number,
  types: Types,
  attributes: Record<string, AttributeDefinition> = {},
) {
  return defineOp({
    op,
    since,
    inputs: [param("X")],
    outputs: [param("Y")],
    types: { T: types },
    attributes,
    infer: sameAsFirst,
  });
}

function binary(op: string, since: number, types: Types, infer = broadcastAll) {
  return defineOp({
    op,
    since,
    inputs: [param("A"), param("B")],
    outputs: [param("C")],
    types: { T: types },
    infer,
  });
}

function many(op: string, since: number, types: Types) {
  return defineOp({
    op,
    since,
    inputs: [variadic("data")],
    outputs: [param("result")],
    types: { T: types },
    infer: broadcastAll,
  });
}

function onNumbers(compute: (a: number, b: number) => number): (a: Dim, b: Dim) => Dim {
  return (a, b) => (typeof a === "number" && typeof b === "number" ? compute(a, b) : undefined);
}

/** x / 1 is x; integer division rounds toward zero, as the kernels do. */
function foldQuotient(a: Dim, b: Dim): Dim {
  if (b === 1) return a;
  if (b === 0) return undefined;
  return onNumbers((x, y) => Math.trunc(x / y))(a, b);
}

const single = ["float32"] as const;

export const elementwiseOps: readonly OpDefinition[] = [
  binary(
    "Add",
    14,
    numeric,
    broadcastFold((a, b) => dimSum([a, b])),
  ),
  binary(
    "Sub",
    14,
    numeric,
    broadcastFold((a, b) => (b === 0 ? a : onNumbers((x, y) => x - y)(a, b))),
  ),
  binary(
    "Mul",
    14,
    numeric,
    broadcastFold((a, b) => dimProduct([a, b])),
  ),
  binary("Div", 14, numeric, broadcastFold(foldQuotient)),
  defineOp({
    op: "Mod",
    since: 13,
    inputs: [param("A"), param("B")],
    outputs: [param("C")],
    types: { T: numeric },
    attributes: { fmod: { type: "int", default: 0 } },
    infer(ctx) {
      const isFloat = ctx.dtype(0) === "float32" || ctx.dtype(0) === "float64";
      if (isFloat && ctx.int("fmod") !== 1) ctx.issue("attribute fmod must be 1 for floating-point inputs");
      return broadcastAll(ctx);
    },
  }),
  defineOp({
    op: "Pow",
    since: 15,
    inputs: [param("X"), param("Y", "T1")],
    outputs: [param("Z")],
    types: { T: numeric, T1: numeric },
    infer: broadcastAll,
  }),
  unary("Neg", 13, numeric),
  unary("Abs", 13, numeric),
  unary("Sign", 13, numeric),
  unary("Sqrt", 13, floating),
  unary("Exp", 13, floating),
  unary("Log", 13, floating),
  unary("Reciprocal", 13, floating),
  unary("Floor", 13, floating),
  unary("Ceil", 13, floating),
  unary("Round", 11, floating),
  unary("Sin", 7, floating),
  unary("Cos", 7, floating),
  unary("Tan", 7, single),
  unary("Asin", 7, single),
  unary("Acos", 7, single),
  unary("Atan", 7, single),
  unary("Sinh", 9, single),
  unary("Cosh", 9, single),
  unary("Asinh", 9, single),
  unary("Acosh", 9, single),
  unary("Atanh", 9, single),
  unary("Erf", 13, single),
  many("Min", 13, numeric),
  many("Max", 13, numeric),
  many("Sum", 13, floating),
  many("Mean", 13, single),
  defineOp({
    op: "Clip",
    since: 13,
    inputs: [param("input"), optional("min"), optional("max")],
    outputs: [param("output")],
    types: { T: numeric },
    infer(ctx) {
      for (const [index, name] of [
        [1, "min"],
        [2, "max"],
      ] as const) {
        const dims = ctx.dims(index);
        if (dims !== undefined && dims.length > 0) ctx.issue(`${name} must be a scalar`);
      }
      return sameAsFirst(ctx);
    },
  }),
];

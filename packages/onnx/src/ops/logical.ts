/** Comparisons, logic on truth values and on bits, and choosing between values. */
import {
  anyType,
  defineOp,
  floating,
  integer,
  notString,
  numeric,
  type OpDefinition,
  param,
} from "./define.ts";
import { broadcastAll, sameAsFirst } from "./rules.ts";

type Types = OpDefinition["types"][string];

function comparison(op: string, since: number, types: Types, until?: number) {
  return defineOp({
    op,
    since,
    ...(until === undefined ? {} : { until }),
    inputs: [param("A"), param("B")],
    outputs: [param("C", "bool")],
    types: { T: types },
    infer: broadcastAll,
  });
}

function connective(op: string) {
  return defineOp({
    op,
    since: 7,
    inputs: [param("A", "bool"), param("B", "bool")],
    outputs: [param("C", "bool")],
    infer: broadcastAll,
  });
}

function bitwise(op: string) {
  return defineOp({
    op,
    since: 18,
    inputs: [param("A"), param("B")],
    outputs: [param("C")],
    types: { T: integer },
    infer: broadcastAll,
  });
}

export const logicalOps: readonly OpDefinition[] = [
  comparison("Equal", 13, notString, 18),
  comparison("Equal", 19, anyType),
  comparison("Greater", 13, numeric),
  comparison("GreaterOrEqual", 16, numeric),
  comparison("Less", 13, numeric),
  comparison("LessOrEqual", 16, numeric),
  connective("And"),
  connective("Or"),
  connective("Xor"),
  defineOp({
    op: "Not",
    since: 1,
    inputs: [param("X", "bool")],
    outputs: [param("Y", "bool")],
    infer: sameAsFirst,
  }),
  bitwise("BitwiseAnd"),
  bitwise("BitwiseOr"),
  bitwise("BitwiseXor"),
  defineOp({
    op: "BitwiseNot",
    since: 18,
    inputs: [param("X")],
    outputs: [param("Y")],
    types: { T: integer },
    infer: sameAsFirst,
  }),
  defineOp({
    op: "Where",
    since: 16,
    inputs: [param("condition", "bool"), param("X"), param("Y")],
    outputs: [param("output")],
    // ONNX allows bool too; ONNX Runtime has no kernel for it.
    types: { T: ["float32", "float64", "int32", "int64", "string"] },
    infer: broadcastAll,
  }),
  defineOp({
    op: "IsNaN",
    since: 13,
    inputs: [param("X")],
    outputs: [param("Y", "bool")],
    types: { T: floating },
    infer: sameAsFirst,
  }),
  defineOp({
    op: "IsInf",
    since: 10,
    inputs: [param("X")],
    outputs: [param("Y", "bool")],
    types: { T: floating },
    attributes: {
      detect_negative: { type: "int", default: 1 },
      detect_positive: { type: "int", default: 1 },
    },
    infer: sameAsFirst,
  }),
];

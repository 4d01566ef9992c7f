/** Activations of neural models. */
import { type AttributeDefinition, defineOp, floating, type OpDefinition, param } from "./define.ts";
import { broadcastAll, normalizeAxis, sameAsFirst } from "./rules.ts";

function activation(
  op: string,
  since: number,
  types: OpDefinition["types"][string] = ["float32"],
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

/** Softmax and its kin work along one axis. */
function alongAxis(op: string, since: number, types: OpDefinition["types"][string]) {
  return defineOp({
    op,
    since,
    inputs: [param("input")],
    outputs: [param("output")],
    types: { T: types },
    attributes: { axis: { type: "int", default: -1 } },
    infer(ctx) {
      const dims = ctx.dims(0);
      if (dims !== undefined) normalizeAxis(ctx, ctx.int("axis") ?? -1, dims.length);
      return sameAsFirst(ctx);
    },
  });
}

function float(value: number): AttributeDefinition {
  return { type: "float", default: value };
}

export const activationOps: readonly OpDefinition[] = [
  activation("Tanh", 13, floating),
  activation("Sigmoid", 13, floating),
  activation("Relu", 14, ["float32", "float64", "int32"]),
  activation("LeakyRelu", 16, ["float32"], { alpha: float(0.01) }),
  activation("Elu", 6, ["float32"], { alpha: float(1) }),
  activation("Selu", 6, ["float32"], { alpha: float(1.67326), gamma: float(1.0507) }),
  activation("Celu", 12, ["float32"], { alpha: float(1) }),
  activation("HardSwish", 14),
  activation("HardSigmoid", 6, ["float32"], { alpha: float(0.2), beta: float(0.5) }),
  activation("Softplus", 1),
  activation("Softsign", 1),
  activation("ThresholdedRelu", 10, ["float32"], { alpha: float(1) }),
  activation("Mish", 18),
  activation("Gelu", 20, ["float32"], {
    approximate: { type: "string", default: "none", oneOf: ["none", "tanh"] },
  }),
  alongAxis("Softmax", 13, floating),
  alongAxis("LogSoftmax", 13, floating),
  defineOp({
    op: "PRelu",
    since: 16,
    inputs: [param("X"), param("slope")],
    outputs: [param("Y")],
    types: { T: ["float32"] },
    infer: broadcastAll,
  }),
];

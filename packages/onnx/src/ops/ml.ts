/** ai.onnx.ml: what turns strings into numbers. */
import type { DataType } from "@attune/contracts";
import { defineOp, type InferContext, type OpDefinition, param, type ValueType } from "./define.ts";

const labels = ["string", "int64", "float32", "float64"] as const satisfies readonly DataType[];

/** Keys and values are tensors of one length; what is no key becomes the default. */
function inferLabelEncoder(ctx: InferContext): readonly ValueType[] {
  const keys = ctx.tensor("keys_tensor");
  const values = ctx.tensor("values_tensor");
  const fallback = ctx.tensor("default_tensor");
  if (keys === undefined || values === undefined) return [{}];
  if (keys.dims.length !== 1 || values.dims.length !== 1) ctx.issue("keys and values must have one axis");
  if (keys.data.length !== values.data.length) {
    ctx.issue(`${keys.data.length} keys, but ${values.data.length} values`);
  }
  const dtype = ctx.dtype(0);
  if (dtype !== undefined && keys.dtype !== dtype) ctx.issue(`keys are ${keys.dtype}, the input is ${dtype}`);
  if (fallback !== undefined && fallback.dtype !== values.dtype) {
    ctx.issue(`default_tensor is ${fallback.dtype}, values are ${values.dtype}`);
  }
  if (fallback !== undefined && fallback.dims.join() !== "1") {
    ctx.issue(`default_tensor must have dims [1], not [${fallback.dims.join(", ")}]`);
  }
  return [{ dtype: values.dtype, dims: ctx.dims(0) }];
}

export const mlOps: readonly OpDefinition[] = [
  defineOp({
    op: "LabelEncoder",
    domain: "ai.onnx.ml",
    since: 4,
    inputs: [param("X", "T1")],
    outputs: [param("Y", "T2")],
    types: { T1: labels, T2: labels },
    attributes: {
      keys_tensor: { type: "tensor", required: true },
      values_tensor: { type: "tensor", required: true },
      default_tensor: { type: "tensor" },
    },
    infer: inferLabelEncoder,
  }),
];

/** Pools over one to three spatial axes; channels come second. */
import {
  type AttributeDefinition,
  defineOp,
  floating,
  type InferContext,
  type OpDefinition,
  optional,
  param,
  type ValueType,
} from "../define.ts";
import { isSamePad, readWindows, spatialDims, spatialInts, windowAttributes, windowedDim } from "./window.ts";

function inferPool(ctx: InferContext): readonly ValueType[] {
  const spatial = spatialDims(ctx);
  const kernel = spatial && spatialInts(ctx, "kernel_shape", spatial.length, 1, 1);
  const windows = kernel && readWindows(ctx, kernel);
  if (kernel === undefined || windows === undefined) return [{}];
  windows.forEach(({ pads }, axis) => {
    const width = kernel[axis] ?? 1;
    if (Math.max(...pads) >= width)
      ctx.issue(`pads ${pads.join(" and ")} must be less than the window of ${width}`);
  });
  const [batch, channels] = ctx.dims(0) ?? [];
  const roundUp = ctx.int("ceil_mode") === 1;
  const sizes = windows.map((window, axis) => windowedDim(ctx, spatial?.[axis], window, roundUp));
  const dims = [batch, channels, ...sizes];
  return [{ dims }, { dims }];
}

/** Before opset 19 ONNX Runtime stops at run time where a stride leaves elements out of every window. */
function inferOlderAveragePool(ctx: InferContext): readonly ValueType[] {
  const [kernel = [], strides = []] = [ctx.ints("kernel_shape"), ctx.ints("strides")];
  if (isSamePad(ctx) && strides.some((stride, axis) => stride > (kernel[axis] ?? stride))) {
    ctx.issue("auto_pad SAME with a stride beyond the window wants opset 19; give pads");
  }
  return inferPool(ctx);
}

function pool(
  op: string,
  range: { readonly since: number; readonly until?: number },
  attributes: Record<string, AttributeDefinition>,
  more: Partial<Pick<OpDefinition, "types" | "outputs" | "infer">> = {},
) {
  return defineOp({
    op,
    ...range,
    inputs: [param("X")],
    outputs: [param("Y")],
    types: { T: ["float32"] },
    attributes: {
      kernel_shape: { type: "ints", required: true },
      ...windowAttributes,
      ceil_mode: { type: "int", default: 0 },
      ...attributes,
    },
    infer: inferPool,
    ...more,
  });
}

function globalPool(op: string) {
  return defineOp({
    op,
    since: 1,
    inputs: [param("X")],
    outputs: [param("Y")],
    types: { T: ["float32"] },
    infer(ctx) {
      const spatial = spatialDims(ctx);
      const [batch, channels] = ctx.dims(0) ?? [];
      return [{ dims: spatial && [batch, channels, ...spatial.map(() => 1)] }];
    },
  });
}

const average = { count_include_pad: { type: "int", default: 0 } } as const;
const dilations = { dilations: { type: "ints" } } as const;

export const poolOps: readonly OpDefinition[] = [
  pool(
    "MaxPool",
    { since: 12 },
    { ...dilations, storage_order: { type: "int", default: 0 } },
    { types: { T: floating }, outputs: [param("Y"), optional("Indices", "int64")] },
  ),
  pool("AveragePool", { since: 11, until: 18 }, average, { infer: inferOlderAveragePool }),
  pool("AveragePool", { since: 19 }, { ...average, ...dilations }),
  globalPool("GlobalAveragePool"),
  globalPool("GlobalMaxPool"),
];

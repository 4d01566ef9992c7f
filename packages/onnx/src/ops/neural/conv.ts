/** Convolutions over one to three spatial axes; channels come second. */
import type { Dim } from "@attune/contracts";
import { type Dims, dimProduct, formatDims, unifyDim, unifyDims } from "../../dims.ts";
import {
  type AttributeDefinition,
  defineOp,
  type InferContext,
  type OpDefinition,
  optional,
  param,
  type ValueType,
} from "../define.ts";
import {
  isSamePad,
  readWindows,
  spatialDims,
  spatialInts,
  type Window,
  windowAttributes,
  windowedDim,
} from "./window.ts";

/** Spatial size of the kernel: the attribute, or the weight's axes from the third on. */
function kernelDims(ctx: InferContext, rank: number): Dims | undefined {
  const weight = ctx.dims(1);
  const given = ctx.ints("kernel_shape");
  const unknown: Dims = Array.from({ length: rank }, () => undefined);
  if (weight !== undefined && weight.length !== rank + 2) {
    ctx.issue(`W ${formatDims(weight)} must have ${rank + 2} axes, as X has`);
    return undefined;
  }
  const { dims, issue } = unifyDims(weight?.slice(2) ?? unknown, given ?? unknown);
  if (issue !== undefined) ctx.issue(`kernel_shape and W differ: ${issue}`);
  return dims;
}

/** The channels must be what the weight takes, and the bias what it gives. */
function checkChannels(ctx: InferContext, given: Dim, wanted: Dim, outputs: Dim): void {
  if (typeof unifyDim(given, wanted) === "object") ctx.issue(`X has ${given} channels, W takes ${wanted}`);
  const { issue } = unifyDims(ctx.dims(2), [outputs]);
  if (issue !== undefined) ctx.issue(`B: ${issue}`);
}

function groupCount(ctx: InferContext, channels: Dim): number {
  const group = ctx.int("group") ?? 1;
  if (group < 1 || (typeof channels === "number" && channels % group !== 0)) {
    ctx.issue(`group ${group} does not divide ${channels} channels`);
    return 1;
  }
  return group;
}

/** X `[batch, in, …]`, W `[out, in / group, …]` → `[batch, out, …]`. */
function inferConv(ctx: InferContext): readonly ValueType[] {
  const spatial = spatialDims(ctx);
  const kernel = spatial && kernelDims(ctx, spatial.length);
  const windows = kernel && readWindows(ctx, kernel);
  if (spatial === undefined || windows === undefined) return [{}];
  const [outputs, perGroup] = ctx.dims(1) ?? [];
  const group = groupCount(ctx, outputs);
  checkChannels(ctx, ctx.dims(0)?.[1], dimProduct([perGroup, group]), outputs);
  const sizes = windows.map((window, axis) => windowedDim(ctx, spatial[axis], window));
  return [{ dims: [ctx.dims(0)?.[0], outputs, ...sizes] }];
}

/** X `[batch, in, …]`, W `[in, out / group, …]` → `[batch, out, …]`: the transpose of Conv. */
function inferConvTranspose(ctx: InferContext): readonly ValueType[] {
  const spatial = spatialDims(ctx);
  const kernel = spatial && kernelDims(ctx, spatial.length);
  const windows = kernel && readWindows(ctx, kernel);
  const extra = spatial && spatialInts(ctx, "output_padding", spatial.length, 0, 0);
  if (spatial === undefined || windows === undefined || extra === undefined) return [{}];
  const [channels, perGroup] = ctx.dims(1) ?? [];
  const outputs = dimProduct([perGroup, groupCount(ctx, channels)]);
  checkChannels(ctx, ctx.dims(0)?.[1], channels, outputs);
  const sizes = windows.map((window, axis) => spreadDim(ctx, spatial[axis], window, extra[axis] ?? 0));
  return [{ dims: [ctx.dims(0)?.[0], outputs, ...sizes] }];
}

/** Cells that the windows cover when each element of the axis becomes one. */
function spreadDim(
  ctx: InferContext,
  size: Dim,
  { kernel, stride, dilation, pads }: Window,
  extra: number,
): Dim {
  if (extra > 0 && extra >= stride)
    ctx.issue(`output_padding ${extra} must be less than the stride ${stride}`);
  // The kernels and ONNX's own inference disagree on it.
  if (extra > 0 && isSamePad(ctx)) ctx.issue("output_padding does not go with auto_pad SAME; give pads");
  if (isSamePad(ctx) && stride === 1) return size;
  if (typeof kernel !== "number") return undefined;
  const added = dilation * (kernel - 1) + 1 - pads[0] - pads[1] + extra;
  if (stride === 1 && added === 1) return size;
  if (typeof size !== "number") return undefined;
  const covered = (size - 1) * stride + added;
  if (covered < 1) ctx.issue(`pads ${pads.join(" and ")} leave nothing of the output`);
  return isSamePad(ctx) ? Math.min(size * stride, covered) : covered;
}

function convolution(
  op: string,
  infer: OpDefinition["infer"],
  attributes: Record<string, AttributeDefinition> = {},
) {
  return defineOp({
    op,
    since: 11,
    inputs: [param("X"), param("W"), optional("B")],
    outputs: [param("Y")],
    types: { T: ["float32"] },
    attributes: {
      ...windowAttributes,
      dilations: { type: "ints" },
      group: { type: "int", default: 1 },
      kernel_shape: { type: "ints" },
      ...attributes,
    },
    infer,
  });
}

export const convOps: readonly OpDefinition[] = [
  convolution("Conv", inferConv),
  convolution("ConvTranspose", inferConvTranspose, { output_padding: { type: "ints" } }),
];

/** Sliding windows: what convolutions and pools share of their attributes and of their sizes. */
import type { Dim } from "@attune/contracts";
import type { Dims } from "../../dims.ts";
import type { AttributeDefinition, InferContext } from "../define.ts";

/** A window along one spatial axis. */
export interface Window {
  readonly kernel: Dim;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros before and after the axis. */
  readonly pads: readonly [before: number, after: number];
}

export const windowAttributes = {
  auto_pad: {
    type: "string",
    default: "NOTSET",
    oneOf: ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"],
  },
  pads: { type: "ints" },
  strides: { type: "ints" },
} as const satisfies Record<string, AttributeDefinition>;

/** Whether the output is to be as large as the input divided by the stride. */
export function isSamePad(ctx: InferContext): boolean {
  return ctx.string("auto_pad")?.startsWith("SAME") === true;
}

/**
 * One window per spatial axis from strides, dilations and pads.
 *
 * @returns `undefined` after an issue.
 */
export function readWindows(ctx: InferContext, kernel: Dims): readonly Window[] | undefined {
  const count = kernel.length;
  const strides = spatialInts(ctx, "strides", count, 1, 1);
  const dilations = spatialInts(ctx, "dilations", count, 1, 1);
  const pads = spatialInts(ctx, "pads", 2 * count, 0, 0);
  if (strides === undefined || dilations === undefined || pads === undefined) return undefined;
  const isPadded = ctx.string("auto_pad") === "NOTSET";
  return kernel.map((size, axis) => ({
    kernel: size,
    stride: strides[axis] ?? 1,
    dilation: dilations[axis] ?? 1,
    pads: isPadded ? [pads[axis] ?? 0, pads[count + axis] ?? 0] : [0, 0],
  }));
}

/** An attribute of `count` integers that are at least `least`; absent or empty means `fallback` each. */
export function spatialInts(
  ctx: InferContext,
  name: string,
  count: number,
  fallback: number,
  least: number,
): readonly number[] | undefined {
  const given = ctx.ints(name);
  if (given === undefined || given.length === 0) return Array.from({ length: count }, () => fallback);
  if (given.length === count && given.every((value) => value >= least)) return given;
  ctx.issue(`${name} [${given.join(", ")}] must be ${count} integers ≥ ${least}`);
  return undefined;
}

/** How many axes a window covers: the first tensor without batch and channels. */
export function spatialDims(ctx: InferContext): Dims | undefined {
  const dims = ctx.dims(0);
  if (dims === undefined) return undefined;
  if (dims.length < 3 || dims.length > 5) {
    ctx.issue(`X has ${dims.length} axes, not batch, channels and one to three more`);
    return undefined;
  }
  return dims.slice(2);
}

/**
 * Positions that a window takes along an axis. A symbol stays where the window moves by one and the padding makes up
 * for its width.
 */
export function windowedDim(ctx: InferContext, size: Dim, window: Window, roundUp = false): Dim {
  const { kernel, stride, dilation, pads } = window;
  if (isSamePad(ctx)) {
    // ONNX Runtime refuses the one for Conv, and pads pools as if there were none.
    if (dilation !== 1) ctx.issue("dilations other than 1 do not go with auto_pad SAME; give pads");
    // The kernels and ONNX's own inference disagree on it.
    if (roundUp) ctx.issue("ceil_mode does not go with auto_pad SAME, which rounds up anyway");
    if (stride === 1) return size;
    return typeof size === "number" ? Math.ceil(size / stride) : undefined;
  }
  if (typeof kernel !== "number") return undefined;
  const [before, after] = pads;
  const reach = dilation * (kernel - 1);
  if (stride === 1 && before + after === reach) return size;
  if (typeof size !== "number") return undefined;
  const steps = (size + before + after - reach - 1) / stride;
  if (steps < 0) {
    ctx.issue(`a window of ${reach + 1} does not fit into ${size} with padding ${before + after}`);
    return undefined;
  }
  if (!roundUp) return Math.floor(steps) + 1;
  const last = Math.ceil(steps);
  // The kernels leave such a window out, ONNX's own inference counts it: onnxruntime-web refuses to load the two.
  if (last * stride >= size + before) {
    ctx.issue("ceil_mode would start a last window in the padding behind the axis; give other pads");
  }
  return last + 1;
}

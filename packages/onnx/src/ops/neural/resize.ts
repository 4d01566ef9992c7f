/** Resize: interpolation along any axes. */
import type { Dim } from "@attune/contracts";
import { type Dims, formatDims } from "../../dims.ts";
import {
  type AttributeDefinition,
  defineOp,
  type InferContext,
  type OpDefinition,
  optional,
  param,
  type ValueType,
} from "../define.ts";
import { knownNumbers, normalizeAxes, vectorLength } from "../rules.ts";

/** An input that is there and not empty: older exporters write an empty tensor for an absent one. */
function isGiven(ctx: InferContext, index: number): boolean {
  return ctx.has(index) && ctx.dims(index)?.[0] !== 0;
}

function inferResize(ctx: InferContext): readonly ValueType[] {
  const dims = ctx.dims(0);
  const [byScale, bySize] = [isGiven(ctx, 2), isGiven(ctx, 3)];
  if (byScale === bySize) ctx.issue("wants either the input scales or the input sizes");
  checkModes(ctx);
  if (dims === undefined) return [{}];
  const given = ctx.ints("axes");
  const axes = given ? normalizeAxes(ctx, given, dims.length) : dims.map((_, axis) => axis);
  if (axes === undefined) return [{}];
  const [index, name] = byScale ? ([2, "scales"] as const) : ([3, "sizes"] as const);
  const length = vectorLength(ctx, index, name);
  if (typeof length === "number" && length !== axes.length) {
    ctx.issue(`${name} has ${length} elements for ${axes.length} axes`);
    return [{}];
  }
  const from = axes.map((axis) => dims[axis]);
  const to = byScale ? scaledDims(ctx, from) : sizedDims(ctx, from);
  const result = dims.map((dim, axis) => (axes.includes(axis) ? to[axes.indexOf(axis)] : dim));
  checkResized(ctx, dims, result);
  return [{ dims: result }];
}

/** Combinations that ONNX Runtime refuses. */
function checkModes(ctx: InferContext): void {
  const mode = ctx.string("mode");
  const antialias = ctx.int("antialias") === 1;
  if (mode === "nearest" && antialias) ctx.issue("antialias goes with linear and cubic only");
  if (mode === "cubic" && !antialias && ctx.dtype(0) === "int32")
    ctx.issue("mode cubic is not defined for int32");
  const isCrop = ctx.string("coordinate_transformation_mode") === "tf_crop_and_resize";
  if (isCrop && !isGiven(ctx, 1)) ctx.issue("tf_crop_and_resize wants the input roi");
  if ((ctx.string("keep_aspect_ratio_policy") ?? "stretch") === "stretch") return;
  if (isGiven(ctx, 2)) ctx.issue("keep_aspect_ratio_policy goes with sizes only");
  // ONNX Runtime reads the sizes of negative axes wrong then.
  if (ctx.ints("axes")?.some((axis) => axis < 0)) ctx.issue("keep_aspect_ratio_policy wants axes ≥ 0");
}

/** Which axes ONNX Runtime can interpolate along. */
function checkResized(ctx: InferContext, from: Dims, to: Dims): void {
  const mode = ctx.string("mode");
  if (mode === "nearest") return;
  const isKept = (axis: number) => from[axis] === to[axis];
  const outer = isKept(0) && isKept(1);
  const isChannelsLast = isKept(0) && isKept(3) && (mode === "linear" || ctx.int("antialias") === 1);
  const rank = from.length;
  const isAllowed =
    rank === 2 ||
    (rank === 3 && mode === "linear") ||
    (rank === 4 && (outer || isChannelsLast)) ||
    (rank === 5 && mode === "linear" && outer);
  if (!isAllowed) {
    ctx.issue(
      `mode ${mode} resizes the last axes of an image only, not ${formatDims(from)} to ${formatDims(to)}`,
    );
  }
}

/** ⌊size × scale⌋, in float32 as the engine computes it; the part that a crop takes does not count. */
function scaledDims(ctx: InferContext, dims: Dims): Dims {
  const tensor = ctx.constant(2);
  const scales = tensor?.dtype === "float32" ? tensor.data : undefined;
  return dims.map((dim, at): Dim => {
    const scale = scales?.[at];
    if (scale === undefined || scale === 1) return scale && dim;
    return typeof dim === "number" ? Math.floor(Math.fround(dim * scale)) : undefined;
  });
}

/** The sizes, or the largest or smallest of the same proportions. */
function sizedDims(ctx: InferContext, dims: Dims): Dims {
  const sizes = ctx.values(3) ?? dims.map(() => undefined);
  const policy = ctx.string("keep_aspect_ratio_policy") ?? "stretch";
  if (policy === "stretch") return sizes;
  const [from, to] = [knownNumbers(dims), knownNumbers(sizes)];
  if (from === undefined || to === undefined) return dims.map(() => undefined);
  const scales = from.map((size, at) => Math.fround((to[at] ?? 0) / size));
  const scale = policy === "not_larger" ? Math.min(...scales) : Math.max(...scales);
  return from.map((size) => Math.round(Math.fround(scale * size)));
}

const transformations = [
  "half_pixel",
  "pytorch_half_pixel",
  "align_corners",
  "asymmetric",
  "tf_crop_and_resize",
];

function resize(
  range: { readonly since: number; readonly until?: number },
  modes: readonly string[],
  attributes: Record<string, AttributeDefinition> = {},
) {
  return defineOp({
    op: "Resize",
    ...range,
    inputs: [
      param("X"),
      // ONNX Runtime reads no float64 here.
      optional("roi", "float32"),
      optional("scales", "float32"),
      optional("sizes", "int64"),
    ],
    outputs: [param("Y")],
    types: { T: ["float32", "int32"] },
    attributes: {
      mode: { type: "string", default: "nearest", oneOf: ["nearest", "linear", "cubic"] },
      coordinate_transformation_mode: { type: "string", default: "half_pixel", oneOf: modes },
      nearest_mode: {
        type: "string",
        default: "round_prefer_floor",
        oneOf: ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"],
      },
      cubic_coeff_a: { type: "float", default: -0.75 },
      exclude_outside: { type: "int", default: 0 },
      extrapolation_value: { type: "float", default: 0 },
      ...attributes,
    },
    infer: inferResize,
  });
}

const since18 = {
  antialias: { type: "int", default: 0 },
  axes: { type: "ints" },
  keep_aspect_ratio_policy: {
    type: "string",
    default: "stretch",
    oneOf: ["stretch", "not_larger", "not_smaller"],
  },
} as const satisfies Record<string, AttributeDefinition>;

export const resizeOps: readonly OpDefinition[] = [
  resize({ since: 13, until: 17 }, transformations),
  resize({ since: 18, until: 18 }, transformations, since18),
  resize({ since: 19 }, [...transformations, "half_pixel_symmetric"], since18),
];

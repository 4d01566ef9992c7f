/** Ops on images and boxes: `[batch, channels, height, width]`. */
import type { Dim } from "@attune/contracts";
import { type Dims, dimProduct, formatDims, unifyDims } from "../../dims.ts";
import {
  defineOp,
  floating,
  type InferContext,
  type OpDefinition,
  optional,
  param,
  type ValueType,
} from "../define.ts";
import { requireRank } from "../rules.ts";

const unknownImage: Dims = [undefined, undefined, undefined, undefined];

/** The dim in `parts` equal parts; an issue where it does not divide. */
function divided(ctx: InferContext, dim: Dim, parts: number, what: string): Dim {
  if (parts === 1) return dim;
  if (typeof dim !== "number") return undefined;
  if (dim % parts !== 0) ctx.issue(`blocksize ${ctx.int("blocksize")} does not divide ${what} ${dim}`);
  return dim / parts;
}

function readBlock(ctx: InferContext): number | undefined {
  const block = ctx.int("blocksize") ?? 0;
  if (block < 1) ctx.issue(`blocksize must be at least 1, not ${block}`);
  return requireRank(ctx, 0, "input", 4) && block >= 1 ? block : undefined;
}

function inferDepthToSpace(ctx: InferContext): readonly ValueType[] {
  const block = readBlock(ctx);
  if (block === undefined) return [{}];
  const [batch, channels, height, width] = ctx.dims(0) ?? unknownImage;
  const depth = divided(ctx, channels, block * block, "channels");
  return [{ dims: [batch, depth, dimProduct([height, block]), dimProduct([width, block])] }];
}

function inferSpaceToDepth(ctx: InferContext): readonly ValueType[] {
  const block = readBlock(ctx);
  if (block === undefined) return [{}];
  const [batch, channels, height, width] = ctx.dims(0) ?? unknownImage;
  const sizes = [divided(ctx, height, block, "height"), divided(ctx, width, block, "width")];
  return [{ dims: [batch, dimProduct([channels, block * block]), ...sizes] }];
}

/** X `[batch, channels, …]`, grid `[batch, …, axes]` → `[batch, channels, …]` of the grid. */
function inferGridSample(ctx: InferContext): readonly ValueType[] {
  const [x, grid] = [ctx.dims(0), ctx.dims(1)];
  if (x === undefined || grid === undefined) return [{}];
  const { issue } = unifyDims(grid, [x[0], ...grid.slice(1, -1), x.length - 2]);
  if (issue !== undefined || grid.length !== x.length) {
    ctx.issue(`grid ${formatDims(grid)} does not fit X ${formatDims(x)}`);
  }
  if (x.length === 5 && ctx.string("mode")?.endsWith("cubic")) ctx.issue("mode cubic wants X of 4 axes");
  return [{ dims: [x[0], x[1], ...grid.slice(1, -1)] }];
}

function gridSample(range: { readonly since: number; readonly until?: number }, modes: readonly string[]) {
  return defineOp({
    op: "GridSample",
    ...range,
    inputs: [param("X"), param("grid")],
    outputs: [param("Y")],
    types: { T: range.until === undefined ? floating : ["float32"] },
    attributes: {
      align_corners: { type: "int", default: 0 },
      mode: { type: "string", default: modes[0] ?? "", oneOf: modes },
      padding_mode: { type: "string", default: "zeros", oneOf: ["zeros", "border", "reflection"] },
    },
    infer: inferGridSample,
  });
}

function inferRoiAlign(ctx: InferContext): readonly ValueType[] {
  for (const [index, name, rank] of [
    [0, "X", 4],
    [1, "rois", 2],
    [2, "batch_indices", 1],
  ] as const) {
    requireRank(ctx, index, name, rank);
  }
  const { dims: boxes, issue } = unifyDims(ctx.dims(1), [ctx.dims(2)?.[0], 4]);
  if (issue !== undefined) ctx.issue(`rois and batch_indices differ: ${issue}`);
  return [{ dims: [boxes?.[0], ctx.dims(0)?.[1], ctx.int("output_height"), ctx.int("output_width")] }];
}

function inferNonMaxSuppression(ctx: InferContext): readonly ValueType[] {
  const scores = ctx.dims(1);
  requireRank(ctx, 0, "boxes", 3);
  requireRank(ctx, 1, "scores", 3);
  const { issue } = unifyDims(ctx.dims(0), [scores?.[0], scores?.[2], 4]);
  if (issue !== undefined) ctx.issue(`boxes: ${issue}`);
  return [{ dims: [undefined, 3] }];
}

export const imageOps: readonly OpDefinition[] = [
  defineOp({
    op: "DepthToSpace",
    since: 13,
    inputs: [param("input")],
    outputs: [param("output")],
    types: { T: floating },
    attributes: {
      blocksize: { type: "int", required: true },
      mode: { type: "string", default: "DCR", oneOf: ["DCR", "CRD"] },
    },
    infer: inferDepthToSpace,
  }),
  defineOp({
    op: "SpaceToDepth",
    since: 13,
    inputs: [param("input")],
    outputs: [param("output")],
    types: { T: floating },
    attributes: { blocksize: { type: "int", required: true } },
    infer: inferSpaceToDepth,
  }),
  gridSample({ since: 16, until: 19 }, ["bilinear", "nearest", "bicubic"]),
  gridSample({ since: 20 }, ["linear", "nearest", "cubic"]),
  defineOp({
    op: "RoiAlign",
    since: 16,
    inputs: [param("X"), param("rois"), param("batch_indices", "int64")],
    outputs: [param("Y")],
    types: { T: floating },
    attributes: {
      mode: { type: "string", default: "avg", oneOf: ["avg", "max"] },
      coordinate_transformation_mode: {
        type: "string",
        default: "half_pixel",
        oneOf: ["half_pixel", "output_half_pixel"],
      },
      output_height: { type: "int", default: 1 },
      output_width: { type: "int", default: 1 },
      sampling_ratio: { type: "int", default: 0 },
      spatial_scale: { type: "float", default: 1 },
    },
    infer: inferRoiAlign,
  }),
  defineOp({
    op: "NonMaxSuppression",
    since: 11,
    inputs: [
      param("boxes", "float32"),
      param("scores", "float32"),
      optional("max_output_boxes_per_class", "int64"),
      optional("iou_threshold", "float32"),
      optional("score_threshold", "float32"),
    ],
    outputs: [param("selected_indices", "int64")],
    attributes: { center_point_box: { type: "int", default: 0 } },
    infer: inferNonMaxSuppression,
  }),
];

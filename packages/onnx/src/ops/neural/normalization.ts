/** Normalization of features, as trained models apply it. */
import type { Dim } from "@attune/contracts";
import { broadcastDims, type Dims, formatDims, unifyDims } from "../../dims.ts";
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
import { normalizeAxis } from "../rules.ts";

function epsilon(value: number) {
  return { epsilon: { type: "float", default: value } } as const satisfies Record<
    string,
    AttributeDefinition
  >;
}

/** The inputs from `from` on hold one number per channel. */
function checkPerChannel(ctx: InferContext, from: number, names: readonly string[]): void {
  const dims = ctx.dims(0);
  if (dims === undefined) return;
  if (dims.length < 2) ctx.issue(`${formatDims(dims)} has no axis of channels`);
  names.forEach((name, index) => {
    const { issue } = unifyDims(ctx.dims(from + index), [dims[1]]);
    if (issue !== undefined) ctx.issue(`${name}: ${issue}`);
  });
}

function inferLayerNormalization(ctx: InferContext): readonly ValueType[] {
  const dims = ctx.dims(0);
  if (dims === undefined) return [{}, {}, {}];
  const axis = normalizeAxis(ctx, ctx.int("axis") ?? -1, dims.length);
  if (axis === undefined) return [{}, {}, {}];
  for (const [index, name] of [
    [1, "Scale"],
    [2, "B"],
  ] as const) {
    checkScale(ctx, dims.slice(axis), ctx.dims(index), name);
  }
  const moments = { dims: dims.map((dim, at): Dim => (at < axis ? dim : 1)) };
  return [{ dims }, moments, moments];
}

function checkScale(ctx: InferContext, normalized: Dims, scale: Dims | undefined, name: string): void {
  if (scale === undefined) return;
  const merged = broadcastDims([normalized, scale]);
  if (merged.issue !== undefined || scale.length > normalized.length) {
    ctx.issue(`${name} ${formatDims(scale)} does not broadcast to ${formatDims(normalized)}`);
  }
}

function inferGroupNormalization(ctx: InferContext): readonly ValueType[] {
  checkPerChannel(ctx, 1, ["scale", "bias"]);
  const channels = ctx.dims(0)?.[1];
  const groups = ctx.int("num_groups") ?? 1;
  if (groups < 1 || (typeof channels === "number" && channels % groups !== 0)) {
    ctx.issue(`num_groups ${groups} does not divide ${channels} channels`);
  }
  return [{ dims: ctx.dims(0) }];
}

export const normalizationOps: readonly OpDefinition[] = [
  defineOp({
    op: "BatchNormalization",
    since: 15,
    inputs: [param("X"), param("scale"), param("B"), param("input_mean"), param("input_var")],
    outputs: [param("Y")],
    types: { T: floating },
    attributes: {
      ...epsilon(1e-5),
      momentum: { type: "float", default: 0.9 },
      training_mode: { type: "int", default: 0 },
    },
    infer(ctx) {
      checkPerChannel(ctx, 1, ["scale", "B", "input_mean", "input_var"]);
      if (ctx.int("training_mode") !== 0)
        ctx.issue("training_mode must be 0: ONNX Runtime only applies moments");
      return [{ dims: ctx.dims(0) }];
    },
  }),
  defineOp({
    op: "InstanceNormalization",
    since: 6,
    inputs: [param("input"), param("scale"), param("B")],
    outputs: [param("output")],
    types: { T: ["float32"] },
    attributes: epsilon(1e-5),
    infer(ctx) {
      checkPerChannel(ctx, 1, ["scale", "B"]);
      return [{ dims: ctx.dims(0) }];
    },
  }),
  defineOp({
    op: "LayerNormalization",
    since: 17,
    inputs: [param("X"), param("Scale"), optional("B")],
    outputs: [param("Y"), optional("Mean", "float32"), optional("InvStdDev", "float32")],
    types: { T: floating },
    attributes: {
      axis: { type: "int", default: -1 },
      ...epsilon(1e-5),
      stash_type: { type: "int", default: 1 },
    },
    infer: inferLayerNormalization,
  }),
  defineOp({
    op: "GroupNormalization",
    since: 21,
    inputs: [param("X"), param("scale"), param("bias")],
    outputs: [param("Y")],
    types: { T: floating },
    attributes: {
      ...epsilon(1e-5),
      num_groups: { type: "int", required: true },
      stash_type: { type: "int", default: 1 },
    },
    infer: inferGroupNormalization,
  }),
  defineOp({
    op: "LRN",
    since: 13,
    inputs: [param("X")],
    outputs: [param("Y")],
    types: { T: ["float32"] },
    attributes: {
      alpha: { type: "float", default: 1e-4 },
      beta: { type: "float", default: 0.75 },
      bias: { type: "float", default: 1 },
      size: { type: "int", required: true },
    },
    infer(ctx) {
      const dims = ctx.dims(0);
      const size = ctx.int("size") ?? 1;
      if (size < 1 || size % 2 === 0) ctx.issue(`size must be odd and positive, not ${size}`);
      if (dims !== undefined && dims.length !== 4) ctx.issue(`X ${formatDims(dims)} must have 4 axes`);
      return [{ dims }];
    },
  }),
];

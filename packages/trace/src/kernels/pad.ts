/** Tensors with a border. */
import type * as tf from "@tensorflow/tfjs-core";
import { anyDtype, defineKernel, type Kernel } from "./define.ts";
import { mirrorAxes, padAxes } from "./pad-axes.ts";

type Unary = { x: tf.TensorInfo };

export const padKernels: readonly Kernel[] = [
  defineKernel<Unary, { paddings: [number, number][]; constantValue: number }>({
    kernel: "PadV2",
    emits: ["Pad"],
    dtypes: anyDtype,
    shapes: "x [d, …] → [before + d + after, …]",
    trace: ({ inputs: { x }, attrs: { paddings, constantValue }, graph }) =>
      padAxes(graph, x, paddings, constantValue),
  }),
  defineKernel<Unary, { paddings: [number, number][]; mode: "reflect" | "symmetric" }>({
    kernel: "MirrorPad",
    emits: ["Slice", "Concat"],
    dtypes: anyDtype,
    shapes: "x [d, …] → [before + d + after, …]",
    trace: ({ inputs: { x }, attrs: { paddings, mode }, graph }) =>
      mirrorAxes(graph, x, paddings, mode === "reflect" ? 1 : 0),
  }),
];

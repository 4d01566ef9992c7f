/** Flips, turns and crops of images. */

import { boolTensor, float32Tensor } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { cropKernels } from "./crop-and-resize.ts";
import { defineKernel, floats, type Kernel } from "./define.ts";
import { transformKernels } from "./image-transform.ts";
import { nonMaxSuppressionKernels } from "./non-max-suppression.ts";
import { reversedAxis, sliceAxes, wholeAxis } from "./slice-axes.ts";

const flipLeftRight = defineKernel<tf.FlipLeftRightInputs>({
  kernel: "FlipLeftRight",
  emits: ["Slice"],
  dtypes: floats,
  shapes: "[batch, height, width, channels]",
  trace: ({ inputs: { image }, graph }) =>
    sliceAxes(graph, image, [wholeAxis, wholeAxis, reversedAxis, wholeAxis]),
});

const rotateWithOffset = defineKernel<tf.RotateWithOffsetInputs, tf.RotateWithOffsetAttrs>({
  kernel: "RotateWithOffset",
  emits: ["Reshape", "Gather", "Where"],
  dtypes: floats,
  shapes: "[batch, height, width, channels]",
  trace({ inputs: { image }, attrs, graph }) {
    const [batch = 0, height = 0, width = 0, channels = 0] = image.dims;
    const sources = rotatedCells(height, width, attrs);
    const cells = graph.reshape(image, [batch, height * width, channels]);
    const indices = graph.ints(sources.map((source) => Math.max(source, 0)));
    const moved = graph.node("Gather", [cells, indices], { axis: 1 });
    const isInside = boolTensor(
      sources.map((source) => source >= 0),
      [sources.length, 1],
    );
    const filled = graph.node("Where", [graph.constant(isInside), moved, fillOf(graph, attrs, channels)]);
    return graph.reshape(filled, image.dims);
  },
});

/** For each cell of the result, row by row, the cell of the image that it shows; −1 outside of the image. */
function rotatedCells(
  height: number,
  width: number,
  { radians, center }: tf.RotateWithOffsetAttrs,
): number[] {
  const [centerX, centerY] = tf.backend_util.getImageCenter(center, height, width);
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  return Array.from({ length: height * width }, (_, at) => {
    const x = (at % width) - centerX;
    const y = Math.floor(at / width) - centerY;
    const column = Math.round(x * cos - y * sin + centerX);
    const row = Math.round(x * sin + y * cos + centerY);
    const isInside = column >= 0 && column < width && row >= 0 && row < height;
    return isInside ? row * width + column : -1;
  });
}

/** A fourth channel is opacity, and is filled with 255. */
function fillOf(graph: KernelGraph, { fillValue }: tf.RotateWithOffsetAttrs, channels: number): TracedValue {
  if (typeof fillValue === "number") return graph.scalar(fillValue);
  const values = Array.from({ length: channels }, (_, at) =>
    at === 3 ? 255 : (fillValue[at] ?? Number.NaN),
  );
  return graph.constant(float32Tensor(values, [channels]));
}

export const imageKernels: readonly Kernel[] = [
  flipLeftRight,
  rotateWithOffset,
  ...cropKernels,
  ...transformKernels,
  ...nonMaxSuppressionKernels,
];

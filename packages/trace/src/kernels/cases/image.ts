import * as tf from "@tensorflow/tfjs-core";
import { float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

function rotate(
  name: string,
  channels: number,
  radians: number,
  fill?: number | [number, number, number],
  center?: number | [number, number],
): KernelCase {
  return {
    name,
    inputs: { image: float(["n", 5, 7, channels]) },
    run: ({ image }) => tf.image.rotateWithOffset(image as tf.Tensor4D, radians, fill, center),
  };
}

type Method = "bilinear" | "nearest";

/** Boxes of two images, one of which ends with its image and one of which reaches beyond. */
const boxes = [0, 0, 1, 1, 0.2, 0.1, 0.7, 0.9, -0.3, 0.2, 0.6, 1.4, 0.8, 0.9, 0.3, 0.1];

function crop(
  name: string,
  size: [number, number],
  method: Method,
  options: { readonly fill?: number; readonly ind?: readonly number[] } = {},
): KernelCase {
  return {
    name,
    inputs: {
      image: float([2, 6, 5, 3]),
      boxes: float(["n", 4], boxes),
      boxInd: int(["n"], options.ind ?? [0, 1, 1, 0]),
    },
    run: ({ image, boxes, boxInd }) =>
      tf.image.cropAndResize(
        image as tf.Tensor4D,
        boxes as tf.Tensor2D,
        boxInd as tf.Tensor1D,
        size,
        method,
        options.fill,
      ),
  };
}

type FillMode = "constant" | "reflect" | "wrap" | "nearest";

/** Turned, moved and larger by a fifth; then with a perspective. */
const affine = [0.9, -0.6, 1.3, 0.5, 1.1, -2.2, 0, 0];
const perspective = [0.9, -0.2, 1.3, 0.1, 1.1, -1.2, 0.05, -0.125];

function transform(
  name: string,
  method: "bilinear" | "nearest",
  mode: FillMode,
  matrix: readonly number[] = affine,
  size?: [number, number],
): KernelCase {
  return {
    name,
    // tfjs-backend-cpu transforms no more than the first image.
    sizes: [1],
    inputs: { image: float(["n", 7, 6, 2]), transforms: float(["n", 8], matrix) },
    run: ({ image, transforms }) =>
      tf.image.transform(image as tf.Tensor4D, transforms as tf.Tensor2D, method, mode, 0.5, size),
  };
}

/** Two heaps of boxes, one box by itself, one without area, one with its corners swapped. */
const heaps = [
  ...[0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, -0.1, 1, 0.9, 0, 10, 1, 11, 0, 10.1, 1, 11.1],
  ...[0, 100, 1, 101, 2, 2, 2, 2, 1, 11, 0, 10, 0, 0, 1, 0.5],
];

function suppress(
  name: string,
  scores: readonly number[],
  maxOutputSize: number,
  iouThreshold?: number,
  scoreThreshold?: number,
): KernelCase {
  return {
    name,
    sizes: [maxOutputSize, 9],
    inputs: { boxes: float(["n", 4], heaps), scores: float(["n"], scores) },
    run({ boxes, scores }) {
      const { selectedIndices, validOutputs } = tf.image.nonMaxSuppressionPadded(
        boxes as tf.Tensor2D,
        scores as tf.Tensor1D,
        maxOutputSize,
        iouThreshold,
        scoreThreshold,
        true,
      );
      return [selectedIndices!, validOutputs!];
    },
  };
}

const modes: readonly FillMode[] = ["constant", "reflect", "wrap", "nearest"];

export const imageCases: KernelCases = {
  FlipLeftRight: [
    {
      name: "batch",
      inputs: { image: float(["n", 3, 5, 2]) },
      run: ({ image }) => tf.image.flipLeftRight(image as tf.Tensor4D),
    },
    {
      name: "symbolic width",
      inputs: { image: float([2, 3, "n", 2]) },
      run: ({ image }) => tf.image.flipLeftRight(image as tf.Tensor4D),
    },
  ],
  RotateWithOffset: [
    rotate("an eighth", 3, Math.PI / 4),
    rotate("a quarter", 3, Math.PI / 2),
    rotate("backwards, filled with a number", 2, -0.3, 7),
    rotate("filled with a color", 4, 1, [1, 2, 3]),
    rotate("about a corner", 1, 0.4, 0, [0.1, 0.9]),
    rotate("not at all", 2, 0),
  ],
  CropAndResize: [
    crop("bilinear", [4, 3], "bilinear"),
    crop("nearest", [4, 3], "nearest"),
    crop("one row, filled", [1, 5], "bilinear", { fill: 7 }),
    crop("one cell, nearest", [1, 1], "nearest", { fill: -1 }),
    crop("larger than the image", [13, 9], "bilinear"),
    crop("an image that is not there", [3, 3], "bilinear", { fill: 5, ind: [0, 2, 1, 4] }),
    {
      name: "symbolic batch, int32",
      inputs: { image: int(["n", 4, 4, 1]), boxes: float([2, 4], boxes), boxInd: int([2], [0]) },
      run: ({ image, boxes, boxInd }) =>
        tf.image.cropAndResize(image as tf.Tensor4D, boxes as tf.Tensor2D, boxInd as tf.Tensor1D, [3, 2]),
    },
  ],
  Transform: [
    ...modes.flatMap((mode) => [
      transform(`nearest, ${mode}`, "nearest", mode),
      transform(`bilinear, ${mode}`, "bilinear", mode),
      transform(`perspective, ${mode}`, "bilinear", mode, perspective),
      transform(`far away, ${mode}`, "nearest", mode, [3, 0, -20, 0, 5, 17, 0, 0]),
    ]),
    transform("another size", "bilinear", "constant", affine, [4, 9]),
    {
      name: "one transformation, constant",
      sizes: [1],
      inputs: { image: float(["n", 5, 4, 3]) },
      run: ({ image }) =>
        tf.image.transform(image as tf.Tensor4D, tf.tensor2d([affine.slice()]), "bilinear", "reflect"),
    },
  ],
  NonMaxSuppressionV4: [
    suppress("defaults", [0.9, 0.75, 0.6, 0.95, 0.5, 0.3, 0.2, 0.1, 0.4], 4),
    suppress("fewer boxes than wanted", [0.9, 0.75, 0.6, 0.95, 0.5, 0.3, 0.2, 0.1, 0.4], 8),
    suppress("equal scores", [0.5], 3),
    suppress("scores below the threshold", [0.9, 0.2, 0.6, 0.1, 0.5], 5, 0.7, 0.4),
    suppress("overlap by the threshold", [0.5, 0.4, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.45], 6, 0.5),
  ],
};

import * as tf from "@tensorflow/tfjs-core";
import { float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Dims = KernelCase["inputs"][string]["dims"];
type Size = [number, number];
type Resize = typeof tf.image.resizeBilinear;

const inFloat32 = { value: 3e-5, why: "ONNX Runtime finds the place between two cells in float32" };

function resizes(resize: Resize, whyNoGradient: (dims: Dims) => string | undefined): KernelCase[] {
  const one = (
    name: string,
    dims: Dims,
    size: Size,
    alignCorners = false,
    halfPixelCenters = false,
  ): KernelCase => {
    const skip = whyNoGradient(dims);
    return {
      name,
      inputs: { images: float(dims) },
      run: ({ images }) => resize(images as tf.Tensor4D, size, alignCorners, halfPixelCenters),
      ...(skip !== undefined && { gradient: { skip } }),
    };
  };
  return [
    one("twice as large", ["n", 4, 4, 3], [8, 8]),
    one("larger, uneven", ["n", 5, 5, 2], [7, 12]),
    one("smaller", ["n", 7, 7, 2], [3, 5]),
    one("not square", ["n", 3, 5, 2], [7, 4]),
    one("align corners", ["n", 4, 4, 2], [9, 7], true),
    one("align corners, not square", ["n", 6, 3, 2], [4, 7], true),
    one("align corners, one cell", ["n", 4, 4, 2], [1, 1], true),
    one("half pixel centers", ["n", 4, 4, 2], [7, 6], false, true),
    one("half pixel centers, smaller", ["n", 9, 9, 2], [4, 5], false, true),
    one("width only", ["n", 4, 4, 3], [4, 9]),
    one("height only", ["n", 4, 4, 3], [9, 4]),
    one("same size", ["n", 4, 4, 2], [4, 4]),
    one("same size, half pixel centers", ["n", 4, 4, 2], [4, 4], false, true),
    one("one cell", ["n", 5, 5, 2], [1, 1]),
    one("from one cell", ["n", 1, 1, 2], [3, 4]),
    one("rank 3", [3, 3, 2], [5, 7]),
    { ...one("large", [1, 30, 30, 3], [70, 44]), tolerance: inFloat32 },
    {
      ...one("empty batch", [0, 4, 4, 2], [3, 3]),
      gradient: { skip: "ONNX Runtime multiplies no matrix by an empty stack of matrices" },
    },
    {
      name: "int32",
      inputs: { images: int(["n", 4, 5, 2]) },
      run: ({ images }) => resize(images as tf.Tensor4D, [7, 3]),
    },
  ];
}

/** The gradient kernel, with a dy that differs from place to place. */
function gradients(resize: Resize, sizes: readonly number[]): KernelCase[] {
  const one = (name: string, dims: Dims, size: Size, alignCorners = false): KernelCase => {
    const run = (x: tf.Tensor) => resize(x as tf.Tensor4D, size, alignCorners);
    return {
      name,
      sizes,
      inputs: { images: float(dims) },
      run: ({ images }) => tf.grad(run)(images!, tf.sin(run(images!))),
      gradient: { skip: "tfjs has no second derivative of a resize" },
    };
  };
  return [
    one("twice as large", ["n", 4, 4, 3], [8, 8]),
    one("twice and three times as large", ["n", 4, 4, 3], [8, 12]),
    one("larger, uneven", ["n", 5, 5, 2], [7, 12]),
    one("smaller", ["n", 7, 7, 2], [3, 5]),
    one("align corners", ["n", 4, 4, 2], [9, 7], true),
    one("same size", ["n", 4, 4, 2], [4, 4]),
  ];
}

export const resizeCases: KernelCases = {
  ResizeBilinear: resizes(tf.image.resizeBilinear, (dims) =>
    dims.at(-3) === dims.at(-2)
      ? undefined
      : "tfjs gives the gradient of an image that is not square a wrong shape and fails",
  ),
  ResizeNearestNeighbor: resizes(tf.image.resizeNearestNeighbor, (dims) =>
    dims.length === 4
      ? "tfjs-backend-cpu mixes up the images of a batch in the gradient; see ResizeNearestNeighborGrad"
      : undefined,
  ),
  ResizeBilinearGrad: gradients(tf.image.resizeBilinear, [1, 2, 5]),
  // tfjs-backend-cpu mixes up the images of a larger batch.
  ResizeNearestNeighborGrad: gradients(tf.image.resizeNearestNeighbor, [1]),
};

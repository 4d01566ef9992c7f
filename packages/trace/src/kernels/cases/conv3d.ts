import * as tf from "@tensorflow/tfjs-core";
import { float, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Dims = KernelCase["inputs"][string]["dims"];
type Triple = number | [number, number, number];
type Run = (x: tf.Tensor, filter: tf.Tensor) => tf.Tensor;

/** Small numbers, so that sums in another order stay close. */
const small = { low: -0.6, high: 0.6 };

function conv(strides: Triple, pad: "same" | "valid", dilations: Triple = 1): Run {
  return (x, filter) => tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, strides, pad, "NDHWC", dilations);
}

function conv3d(name: string, x: Dims, filter: Dims, run: Run, skip?: string): KernelCase {
  return {
    name,
    inputs: { x: float(x, small), filter: float(filter, small) },
    run: ({ x, filter }) => run(x!, filter!),
    ...(skip !== undefined && { gradient: { skip } }),
  };
}

const noGradient = "tfjs has no gradient of it";

/** The gradient of a convolution for one input, with a dy that differs from place to place. */
function gradient(of: 0 | 1, name: string, x: Dims, filter: Dims, run: Run): KernelCase {
  return conv3d(
    name,
    x,
    filter,
    (x, filter) => tf.grads(run)([x, filter], tf.sin(run(x, filter)))[of]!,
    noGradient,
  );
}

function gradients(of: 0 | 1): readonly KernelCase[] {
  return [
    gradient(of, "same", ["n", 3, 4, 3, 2], [3, 2, 3, 2, 3], conv(1, "same")),
    gradient(of, "cells left over", ["n", 4, 5, 6, 2], [2, 3, 1, 2, 2], conv([3, 1, 2], "valid")),
    gradient(of, "many channels", ["n", 3, 3, 2, 8], [2, 2, 1, 8, 2], conv(1, "same")),
    gradient(of, "one channel", ["n", 3, 4, 3, 1], [2, 2, 2, 1, 1], conv(1, "same")),
    gradient(of, "64 places", ["n", 4, 5, 4, 2], [4, 4, 4, 2, 3], conv(1, "same")),
    gradient(of, "no window", ["n", 2, 2, 2, 2], [3, 2, 2, 2, 2], conv(1, "valid")),
    gradient(of, "strides beyond the filter", ["n", 5, 5, 8, 2], [1, 1, 2, 2, 2], conv(3, "same")),
  ];
}

export const conv3dCases: KernelCases = {
  Conv3D: [
    conv3d("same", ["n", 3, 4, 5, 2], [3, 2, 3, 2, 3], conv(1, "same")),
    conv3d("strides, valid, cells left over", ["n", 4, 5, 6, 2], [2, 3, 2, 2, 3], conv([3, 1, 2], "valid")),
    conv3d("strides beyond the filter", ["n", 5, 5, 8, 2], [1, 1, 2, 2, 2], conv(3, "same")),
    conv3d(
      "dilations",
      ["n", 5, 5, 6, 2],
      [2, 2, 2, 2, 2],
      conv(1, "valid", 2),
      "tfjs has no gradient for dilations",
    ),
    conv3d("symbolic depth", [2, "n", 3, 3, 2], [3, 3, 3, 2, 2], conv(1, "same")),
    conv3d("one channel", ["n", 3, 4, 3, 1], [2, 2, 2, 1, 1], conv(1, "same")),
    conv3d("no window", ["n", 2, 2, 2, 2], [3, 2, 2, 2, 2], conv(1, "valid")),
    conv3d("rank 4", [3, 3, 3, 2], [2, 2, 2, 2, 3], conv(1, "valid")),
  ],
  Conv3DBackpropInputV2: [
    ...gradients(0),
    {
      name: "conv3dTranspose",
      inputs: { x: float(["n", 2, 3, 2, 3], small), filter: float([3, 3, 2, 2, 3], small) },
      run: ({ x, filter }) =>
        tf.conv3dTranspose(x as tf.Tensor5D, filter as tf.Tensor5D, [x!.shape[0]!, 4, 6, 4, 2], 2, "same"),
      gradient: { skip: noGradient },
    },
  ],
  Conv3DBackpropFilterV2: gradients(1),
};

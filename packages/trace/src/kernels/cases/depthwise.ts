import * as tf from "@tensorflow/tfjs-core";
import { float, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Dims = KernelCase["inputs"][string]["dims"];
type Pair = number | [number, number];
type Run = (x: tf.Tensor, filter: tf.Tensor) => tf.Tensor;

/** Small numbers, so that sums in another order stay close. */
const small = { low: -0.6, high: 0.6 };

function conv(strides: Pair, pad: "same" | "valid" | number, dilations: Pair = 1): Run {
  return (x, filter) =>
    tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, "NHWC", dilations);
}

function depthwise(name: string, x: Dims, filter: Dims, run: Run, skip?: string): KernelCase {
  return {
    name,
    inputs: { x: float(x, small), filter: float(filter, small) },
    run: ({ x, filter }) => run(x!, filter!),
    ...(skip !== undefined && { gradient: { skip } }),
  };
}

/** The gradient of a convolution for one input, with a dy that differs from place to place. */
function gradients(of: 0 | 1): readonly KernelCase[] {
  const one = (name: string, x: Dims, filter: Dims, run: Run) =>
    depthwise(
      name,
      x,
      filter,
      (x, filter) => tf.grads(run)([x, filter], tf.sin(run(x, filter)))[of]!,
      "tfjs has no second derivative of it",
    );
  return [
    one("same", ["n", 4, 5, 3], [3, 3, 3, 1], conv(1, "same")),
    one("two filters for each channel", ["n", 5, 4, 3], [2, 3, 3, 2], conv(1, "valid")),
    one("pad beyond the filter", ["n", 3, 4, 2], [2, 2, 2, 1], conv(1, 3)),
    one("strides, same", ["n", 7, 6, 2], [3, 3, 2, 1], conv(2, "same")),
    one("strides beyond the filter", ["n", 7, 8, 2], [1, 2, 2, 2], conv(3, "same")),
    one("64 places", ["n", 9, 8, 2], [8, 8, 2, 2], conv(1, "same")),
    one("one channel", ["n", 4, 4, 1], [3, 3, 1, 2], conv(1, "same")),
    one("symbolic height and width", [2, "n", "n", 2], [3, 3, 2, 1], conv(1, "same")),
    one("no window", ["n", 2, 4, 2], [3, 3, 2, 1], conv(1, "valid")),
    one("empty batch", [0, 4, 4, 2], [3, 3, 2, 1], conv(1, "same")),
    one("strides, cells left over", ["n", 6, 8, 2], [3, 2, 2, 2], conv(2, "valid")),
  ];
}

function fused(
  name: string,
  inputs: Readonly<Record<string, Dims>>,
  options: {
    activation?: "relu" | "relu6" | "prelu" | "sigmoid" | "elu" | "leakyrelu";
    leakyreluAlpha?: number;
  } = {},
): KernelCase {
  const others = Object.entries(inputs).map(([input, dims]) => [input, float(dims, small)] as const);
  return {
    name,
    inputs: {
      x: float(["n", 4, 5, 3], small),
      filter: float([3, 3, 3, 2], small),
      ...Object.fromEntries(others),
    },
    run: ({ x, filter, bias, alpha }) =>
      tf.fused.depthwiseConv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: "same",
        ...(bias && { bias }),
        ...(alpha && { preluActivationWeights: alpha }),
        ...options,
      }),
    ...(options.activation !== undefined && { gradient: { skip: "tfjs does not fuse an activation then" } }),
  };
}

export const depthwiseCases: KernelCases = {
  DepthwiseConv2dNative: [
    depthwise("same", ["n", 5, 6, 3], [3, 3, 3, 1], conv(1, "same")),
    depthwise("two filters for each channel", ["n", 5, 4, 3], [2, 3, 3, 2], conv(1, "valid")),
    depthwise("strides", ["n", 7, 6, 2], [3, 3, 2, 1], conv(2, "same")),
    depthwise("numeric pad", ["n", 4, 4, 2], [3, 3, 2, 2], conv(1, 1)),
    depthwise(
      "dilations",
      ["n", 6, 6, 2],
      [3, 2, 2, 1],
      conv(1, "same", 2),
      "tfjs has no gradient for dilations",
    ),
    depthwise("one channel", ["n", 4, 4, 1], [3, 3, 1, 2], conv(1, "same")),
    depthwise("symbolic height and width", [2, "n", "n", 2], [3, 3, 2, 1], conv(1, "same")),
    depthwise(
      "symbolic height and width, strides",
      [2, "n", "n", 2],
      [3, 3, 2, 1],
      conv(2, "same"),
      "its padding hangs on a size that is not known; the trace says so",
    ),
    depthwise("no window", ["n", 2, 4, 2], [3, 3, 2, 1], conv(1, "valid")),
    depthwise("rank 3", [4, 5, 2], [3, 3, 2, 1], conv(1, "same")),
  ],
  FusedDepthwiseConv2D: [
    fused("bias", { bias: [6] }),
    fused("no bias", {}),
    {
      name: "no window",
      inputs: { x: float(["n", 2, 4, 2]), filter: float([3, 3, 2, 1]), bias: float([2]) },
      run: ({ x, filter, bias }) =>
        tf.fused.depthwiseConv2d({
          x: x as tf.Tensor4D,
          filter: filter as tf.Tensor4D,
          strides: 1,
          pad: "valid",
          bias: bias!,
        }),
    },
    fused("relu", { bias: [6] }, { activation: "relu" }),
    fused("scalar bias, relu6", { bias: [] }, { activation: "relu6" }),
    fused("sigmoid", { bias: [6] }, { activation: "sigmoid" }),
    fused("elu", {}, { activation: "elu" }),
    fused("leaky relu", { bias: [6] }, { activation: "leakyrelu", leakyreluAlpha: 0.3 }),
    fused("prelu", { bias: [6], alpha: [6] }, { activation: "prelu" }),
  ],
  DepthwiseConv2dNativeBackpropInput: gradients(0),
  DepthwiseConv2dNativeBackpropFilter: gradients(1),
};

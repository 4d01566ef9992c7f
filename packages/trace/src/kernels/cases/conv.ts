import * as tf from "@tensorflow/tfjs-core";
import { float, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Dims = KernelCase["inputs"][string]["dims"];
type Options = Partial<{
  strides: number | [number, number];
  pad: "same" | "valid" | number | tf.backend_util.ExplicitPadding;
  format: "NHWC" | "NCHW";
  dilations: number | [number, number];
  round: "floor" | "round" | "ceil";
}>;
type Run = (x: tf.Tensor, filter: tf.Tensor) => tf.Tensor;

/** Small numbers, so that sums in another order stay close. */
const small = { low: -0.6, high: 0.6 };

function conv({ strides = 1, pad = "same", format = "NHWC", dilations = 1, round }: Options = {}): Run {
  return (x, filter) =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, format, dilations, round);
}

function conv2d(name: string, x: Dims, filter: Dims, options: Options = {}, skip?: string): KernelCase {
  const run = conv(options);
  return {
    name,
    inputs: { x: float(x, small), filter: float(filter, small) },
    run: ({ x, filter }) => run(x!, filter!),
    ...(skip !== undefined && { gradient: { skip } }),
  };
}

const dilated = "tfjs has no gradient for dilations";
const hangsOnSize = "its padding hangs on a size that is not known; the trace says so";
const rounded = "tfjs forgets dimRoundingMode in the gradient and fails";

const convolutions: readonly KernelCase[] = [
  conv2d("same", ["n", 5, 6, 3], [3, 3, 3, 4]),
  conv2d("valid", ["n", 5, 6, 3], [3, 2, 3, 4], { pad: "valid" }),
  conv2d("even filter, same", ["n", 5, 4, 2], [2, 4, 2, 3]),
  conv2d("strides, same", ["n", 7, 6, 2], [3, 3, 2, 3], { strides: 2 }),
  conv2d("strides, valid, cells left over", ["n", 6, 8, 2], [3, 2, 2, 3], { strides: [2, 3], pad: "valid" }),
  conv2d("strides beyond the filter", ["n", 7, 6, 2], [1, 2, 2, 3], { strides: 3 }),
  conv2d("1 × 1", ["n", 4, 3, 3], [1, 1, 3, 5]),
  conv2d("1 × 1, strides", ["n", 5, 4, 3], [1, 1, 3, 2], { strides: 2 }),
  conv2d("numeric pad", ["n", 5, 5, 2], [3, 3, 2, 3], { strides: 2, pad: 1 }),
  conv2d("pad beyond the filter", ["n", 3, 4, 2], [2, 2, 2, 3], { pad: 3 }),
  conv2d(
    "numeric pad, rounded up",
    ["n", 6, 6, 2],
    [3, 3, 2, 3],
    { strides: 2, pad: 1, round: "ceil" },
    rounded,
  ),
  conv2d("explicit pads", ["n", 4, 5, 2], [3, 2, 2, 3], {
    pad: [
      [0, 0],
      [2, 1],
      [0, 3],
      [0, 0],
    ],
  }),
  conv2d("dilations", ["n", 7, 8, 2], [3, 2, 2, 3], { dilations: [2, 3], pad: "valid" }, dilated),
  conv2d("dilations, same", ["n", 6, 6, 2], [3, 3, 2, 3], { dilations: 2 }, dilated),
  conv2d("filter as large as the image", ["n", 4, 5, 2], [4, 5, 2, 3], { pad: "valid" }),
  conv2d("filter larger than the image", ["n", 2, 2, 2], [3, 2, 2, 3], { pad: "valid" }),
  conv2d("NCHW", ["n", 2, 5, 6], [3, 3, 2, 3], { format: "NCHW", strides: 2 }),
  conv2d("symbolic height and width", [2, "n", "n", 2], [3, 3, 2, 3]),
  conv2d("symbolic height and width, strides", [2, "n", "n", 2], [3, 2, 2, 3], { strides: 2 }, hangsOnSize),
  conv2d(
    "symbolic height and width, strides, valid",
    [2, "n", "n", 2],
    [1, 1, 2, 3],
    { strides: 2, pad: "valid" },
    hangsOnSize,
  ),
  conv2d("one channel", ["n", 4, 4, 1], [3, 3, 1, 1]),
  conv2d("rank 3", [4, 5, 2], [3, 3, 2, 3]),
  conv2d("empty batch", [0, 4, 4, 2], [3, 3, 2, 3]),
  conv2d(
    "large",
    [1, 24, 24, 8],
    [3, 3, 8, 8],
    {},
    "sums of hundreds of products; the smaller cases compare it",
  ),
  {
    name: "conv1d",
    inputs: { x: float(["n", 7, 3], small), filter: float([3, 3, 4], small) },
    run: ({ x, filter }) => tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, 2, "same"),
  },
];

type Fused = Parameters<typeof tf.fused.conv2d>[0];

function fused(
  name: string,
  inputs: Readonly<Record<string, Dims>>,
  options: Pick<Fused, "activation"> & { leakyreluAlpha?: number; dataFormat?: "NHWC" | "NCHW" } = {},
  skip?: string,
): KernelCase {
  const x = options.dataFormat === "NCHW" ? float(["n", 2, 4, 5], small) : float(["n", 4, 5, 2], small);
  const others = Object.entries(inputs).map(([input, dims]) => [input, float(dims, small)] as const);
  return {
    name,
    inputs: { x, filter: float([3, 3, 2, 3], small), ...Object.fromEntries(others) },
    run: ({ x, filter, bias, alpha }) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: "same",
        ...(bias && { bias }),
        ...(alpha && { preluActivationWeights: alpha }),
        ...options,
      }),
    ...(skip !== undefined && { gradient: { skip } }),
  };
}

/** conv2dTranspose, and Conv2DBackpropInput where the input has cells that no window sees. */
const transposed: readonly KernelCase[] = [
  convTranspose("strides, same", ["n", 3, 4, 3], [3, 3, 2, 3], [6, 8, 2], 2, "same"),
  convTranspose("strides, valid", ["n", 3, 4, 3], [3, 2, 2, 3], [7, 8, 2], 2, "valid"),
  convTranspose("cells left over", ["n", 3, 4, 3], [3, 2, 2, 3], [8, 9, 2], 2, "valid"),
  convTranspose("strides beyond the filter", ["n", 3, 2, 3], [1, 2, 2, 3], [8, 5, 2], 3, "same"),
  convTranspose("1 × 1", ["n", 3, 4, 3], [1, 1, 2, 3], [3, 4, 2], 1, "same"),
  convTranspose("one channel", ["n", 3, 4, 1], [3, 3, 1, 1], [3, 4, 1], 1, "same"),
  convTranspose("numeric pad", ["n", 3, 4, 3], [3, 3, 2, 3], [3, 4, 2], 1, 1),
  {
    ...convTranspose("nothing", ["n", 0, 3, 3], [3, 3, 2, 3], [2, 5, 2], 1, "valid"),
    gradient: { skip: "nothing hangs on nothing" },
  },
  {
    name: "symbolic height",
    inputs: { x: float([2, "n", 3, 3], small), filter: float([3, 3, 2, 3], small) },
    run: ({ x, filter }) =>
      tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [2, x!.shape[1]!, 3, 2], 1, "same"),
  },
];

function convTranspose(
  name: string,
  x: Dims,
  filter: Dims,
  output: readonly [number, number, number],
  strides: number,
  pad: "same" | "valid" | number,
): KernelCase {
  return {
    name,
    inputs: { x: float(x, small), filter: float(filter, small) },
    run: ({ x, filter }) =>
      tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [x!.shape[0]!, ...output], strides, pad),
  };
}

/** The gradient of a convolution for its filter, with a dy that differs from place to place. */
function filterGradient(name: string, x: Dims, filter: Dims, options: Options = {}): KernelCase {
  const run = conv(options);
  return {
    name,
    inputs: { x: float(x, small), filter: float(filter, small) },
    run: ({ x, filter }) => tf.grads(run)([x!, filter!], tf.sin(run(x!, filter!)))[1]!,
    gradient: { skip: "tfjs has no second derivative of a convolution for its filter" },
  };
}

export const convCases: KernelCases = {
  Conv2D: convolutions,
  FusedConv2D: [
    fused("bias", { bias: [3] }),
    fused("no bias", {}),
    {
      name: "no window",
      inputs: { x: float(["n", 2, 2, 2]), filter: float([3, 3, 2, 3]), bias: float([3]) },
      run: ({ x, filter, bias }) =>
        tf.fused.conv2d({
          x: x as tf.Tensor4D,
          filter: filter as tf.Tensor4D,
          strides: 1,
          pad: "valid",
          bias: bias!,
        }),
    },
    fused("scalar bias, relu", { bias: [] }, { activation: "relu" }, "tfjs does not fuse relu then"),
    fused(
      "bias of each cell, relu6",
      { bias: [4, 5, 3] },
      { activation: "relu6" },
      "tfjs does not fuse it then",
    ),
    fused("elu", { bias: [3] }, { activation: "elu" }, "tfjs does not fuse it then"),
    fused("sigmoid", { bias: [3] }, { activation: "sigmoid" }, "tfjs does not fuse it then"),
    fused("prelu", { bias: [3], alpha: [3] }, { activation: "prelu" }, "tfjs does not fuse it then"),
    fused("prelu of each cell", { alpha: [4, 5, 3] }, { activation: "prelu" }, "tfjs does not fuse it then"),
    fused("prelu of one slope", { alpha: [] }, { activation: "prelu" }, "tfjs does not fuse it then"),
    fused(
      "leaky relu",
      { bias: [3] },
      { activation: "leakyrelu", leakyreluAlpha: 0.3 },
      "tfjs does not fuse it then",
    ),
    fused("NCHW", { bias: [3] }, { dataFormat: "NCHW", activation: "relu" }, "tfjs has it for NHWC only"),
    fused(
      "NCHW, prelu",
      { bias: [1], alpha: [3] },
      { dataFormat: "NCHW", activation: "prelu" },
      "tfjs has it for NHWC only",
    ),
  ],
  Conv2DBackpropInput: transposed,
  Conv2DBackpropFilter: [
    filterGradient("same", ["n", 5, 4, 2], [3, 3, 2, 3]),
    filterGradient("strides, cells left over", ["n", 6, 8, 2], [3, 2, 2, 3], { strides: 2, pad: "valid" }),
    filterGradient("strides beyond the filter", ["n", 7, 6, 2], [1, 1, 2, 3], { strides: 3 }),
    filterGradient("many channels", ["n", 5, 4, 9], [3, 2, 9, 2], { strides: 2 }),
    filterGradient("1 × 1", ["n", 3, 4, 8], [1, 1, 8, 2]),
    filterGradient("64 places", ["n", 9, 8, 2], [8, 8, 2, 3]),
    filterGradient("64 places, strides", ["n", 11, 11, 2], [8, 8, 2, 3], { strides: 2, pad: "valid" }),
    filterGradient("symbolic height and width", [2, "n", "n", 2], [3, 3, 2, 3]),
    filterGradient("no window", ["n", 2, 2, 2], [3, 3, 2, 3], { pad: "valid" }),
    filterGradient("NCHW", ["n", 2, 5, 6], [3, 3, 2, 3], { format: "NCHW", strides: 2 }),
  ],
};

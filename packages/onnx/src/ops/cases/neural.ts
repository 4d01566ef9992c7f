/** Cases of the ops that neural models are made of. */
import { each, fed, fixed, type OpCase } from "./op-case.ts";

const square = fed([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
const ones = (dims: readonly number[]) =>
  fixed(new Array(dims.reduce((a, b) => a * b, 1)).fill(1), "T", dims);
const counted = (dims: readonly number[]) =>
  fed(
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => (i % 7) - 2),
  );

const convolutions: Record<string, readonly OpCase[]> = {
  Conv: [
    { inputs: [square, ones([1, 1, 2, 2]), ones([1])], expected: [13, 17, 25, 29] },
    {
      inputs: [counted([2, 2, 5]), ones([3, 2, 3])],
      attributes: () => ({ auto_pad: "SAME_LOWER", strides: [2] }),
    },
    {
      inputs: [counted([1, 4, 7, 6, 5]), ones([4, 2, 3, 2, 1])],
      attributes: () => ({ group: 2, dilations: [2, 1, 1], pads: [1, 0, 0, 2, 1, 0], strides: [1, 2, 2] }),
    },
  ],
  ConvTranspose: [
    { inputs: [fed([1, 1, 2, 2], [1, 2, 3, 4]), ones([1, 1, 2, 2])], expected: [1, 3, 2, 4, 10, 6, 3, 7, 4] },
    {
      inputs: [counted([2, 4, 3]), ones([4, 3, 4]), ones([6])],
      attributes: () => ({ group: 2, strides: [3], output_padding: [1], pads: [1, 0], dilations: [2] }),
    },
    {
      inputs: [counted([1, 1, 4, 5]), ones([1, 2, 3, 2])],
      attributes: () => ({ auto_pad: "SAME_UPPER", strides: [2, 3] }),
    },
  ],
};

const tight = { inputs: [counted([1, 2, 7, 6])] };
const averages: readonly OpCase[] = [
  { inputs: [square], attributes: () => ({ kernel_shape: [2, 2] }), expected: [3, 4, 6, 7] },
  {
    inputs: [square],
    attributes: () => ({ kernel_shape: [2, 2], pads: [1, 1, 0, 0], strides: [2, 2], count_include_pad: 1 }),
    expected: [0.25, 1.25, 2.75, 7],
  },
  {
    ...tight,
    attributes: () => ({ kernel_shape: [3, 3], strides: [3, 2], pads: [2, 1, 0, 1], ceil_mode: 1 }),
  },
];
const pools: Record<string, OpCase | readonly OpCase[]> = {
  MaxPool: [
    {
      inputs: [square],
      attributes: () => ({ kernel_shape: [2, 2] }),
      outputCount: 2,
      expected: [5, 6, 8, 9],
    },
    {
      ...tight,
      attributes: () => ({
        kernel_shape: [3, 2],
        strides: [2, 3],
        dilations: [1, 2],
        ceil_mode: 1,
        storage_order: 1,
      }),
      outputCount: 2,
    },
    {
      inputs: [counted([1, 2, 5])],
      attributes: () => ({ kernel_shape: [3], auto_pad: "VALID", strides: [2] }),
    },
  ],
  "AveragePool@18": averages,
  AveragePool: [
    ...averages,
    { ...tight, attributes: () => ({ kernel_shape: [2, 2], dilations: [2, 3], auto_pad: "VALID" }) },
  ],
  GlobalAveragePool: { inputs: [square], expected: [5] },
  GlobalMaxPool: { inputs: [square], expected: [9] },
};

const normalizations: Record<string, OpCase | readonly OpCase[]> = {
  BatchNormalization: {
    inputs: [fed([1, 2, 2], [1, 2, 3, 4]), ones([2]), ones([2]), ones([2]), fixed([4, 4], "T")],
    attributes: () => ({ epsilon: 0 }),
    expected: [1, 1.5, 2, 2.5],
  },
  InstanceNormalization: {
    inputs: [fed([1, 1, 2], [1, 3]), fixed([2], "T"), fixed([1], "T")],
    attributes: () => ({ epsilon: 0 }),
    expected: [-1, 3],
  },
  LayerNormalization: [
    {
      inputs: [fed([1, 2], [1, 3]), ones([2]), fixed([1, 0], "T")],
      attributes: () => ({ epsilon: 0 }),
      outputCount: 3,
      expected: [0, 1],
    },
    { inputs: [counted([2, 3, 4]), ones([3, 4])], attributes: () => ({ axis: 1 }), outputCount: 3 },
  ],
  GroupNormalization: {
    inputs: [fed([1, 2, 2], [1, 1, 3, 3]), fixed([1, 2], "T"), fixed([0, 1], "T")],
    attributes: () => ({ num_groups: 1, epsilon: 0 }),
    expected: [-1, -1, 3, 3],
  },
  LRN: {
    inputs: [fed([1, 1, 1, 2], [1, 2])],
    attributes: () => ({ size: 1, alpha: 1, beta: 1, bias: 1 }),
    expected: [0.5, 0.4],
  },
};

const steps = fed([2, 1, 1], [1, 2]);
const always = (value: number) => ({ activation_alpha: [0], activation_beta: [value] });
/** Inputs of a bidirectional layer of three units, all optional ones given. */
const layer = (gates: number, more: readonly (readonly number[])[] = []) => ({
  inputs: [
    counted([4, 2, 2]),
    ones([2, gates * 3, 2]),
    ones([2, gates * 3, 3]),
    ones([2, gates * 6]),
    fixed([4, 3], "int32"),
    ...[[2, 2, 3], ...more].map(ones),
  ],
  attributes: () => ({ hidden_size: 3, direction: "bidirectional", clip: 2 }),
});
const recurrent: Record<string, readonly OpCase[]> = {
  RNN: [
    {
      inputs: [steps, ones([1, 1, 1]), ones([1, 1, 1])],
      attributes: () => ({ hidden_size: 1, activations: ["Relu"] }),
      outputCount: 2,
      expected: [1, 3],
    },
    { ...layer(1), outputCount: 2 },
  ],
  GRU: [
    {
      // Both gates shut: the state is the candidate, which forgets the state before.
      inputs: [steps, ones([1, 3, 1]), ones([1, 3, 1])],
      attributes: () => ({ hidden_size: 1, activations: ["HardSigmoid", "Relu"], ...always(0) }),
      outputCount: 2,
      expected: [1, 2],
    },
    { ...layer(3), attributes: () => ({ ...layer(3).attributes(), linear_before_reset: 1 }), outputCount: 2 },
  ],
  LSTM: [
    {
      // All gates open: the cell sums up its inputs.
      inputs: [steps, ones([1, 4, 1]), fixed([0, 0, 0, 0], "T", [1, 4, 1])],
      attributes: () => ({ hidden_size: 1, activations: ["HardSigmoid", "Relu", "Relu"], ...always(1) }),
      outputCount: 3,
      expected: [1, 3],
    },
    {
      ...layer(4, [
        [2, 2, 3],
        [2, 9],
      ]),
      outputCount: 3,
    },
  ],
};

const labels = fed([2], [0, 1], "Tind");
const losses: Record<string, readonly OpCase[]> = {
  NegativeLogLikelihoodLoss: [
    { inputs: [fed([2, 2], [-1, -2, -3, -4]), labels], expected: [2.5] },
    {
      inputs: [counted([2, 3, 4]), fed([2, 4], [0, 1, 2, 0, 1, 2, 0, 1], "Tind"), ones([3])],
      attributes: () => ({ reduction: "none", ignore_index: 1 }),
    },
  ],
  SoftmaxCrossEntropyLoss: [
    { inputs: [fed([2, 2], [1, 1, 1, 1]), labels], outputCount: 2, expected: [Math.LN2] },
  ],
};

const image = fed([1, 1, 2, 2], [1, 2, 3, 4]);
const wide = fed([1, 1, 1, 2], [1, 2]);
const scales = (...values: number[]) => fixed(values, "float32");
const twice: OpCase = { inputs: [wide, undefined, scales(1, 1, 1, 2)], expected: [1, 1, 2, 2] };
const crop: OpCase = {
  inputs: [counted([1, 1, 5, 7]), scales(0, 0, 0, 0, 1, 1, 0.5, 0.7), scales(1, 1, 1.5, 0.9)],
  attributes: () => ({ mode: "linear", coordinate_transformation_mode: "tf_crop_and_resize" }),
};
const sized: readonly OpCase[] = [
  twice,
  crop,
  {
    inputs: [wide, undefined, undefined, fixed([1, 4])],
    attributes: () => ({ axes: [2, 3], mode: "linear", coordinate_transformation_mode: "align_corners" }),
    expected: [1, 4 / 3, 5 / 3, 2],
  },
  {
    inputs: [counted([1, 1, 5, 7]), undefined, undefined, fixed([8, 4])],
    attributes: () => ({ axes: [3, 2], keep_aspect_ratio_policy: "not_smaller" }),
  },
];
const grid = (type: string): OpCase => ({
  inputs: [image, fed([1, 1, 1, 2], [0, 0], type)],
  expected: [2.5],
});
const images: Record<string, OpCase | readonly OpCase[]> = {
  "Resize@17": [twice, crop],
  ...each(["Resize@18", "Resize"], sized),
  DepthToSpace: [
    {
      inputs: [fed([1, 4, 1, 1], [1, 2, 3, 4])],
      attributes: () => ({ blocksize: 2 }),
      expected: [1, 2, 3, 4],
    },
    { inputs: [counted([2, 8, 3, 1])], attributes: () => ({ blocksize: 2, mode: "CRD" }) },
  ],
  SpaceToDepth: { inputs: [image], attributes: () => ({ blocksize: 2 }), expected: [1, 2, 3, 4] },
  ...each(["GridSample@19", "GridSample"], grid("T")),
  RoiAlign: {
    inputs: [fed([1, 1, 2, 2], [5, 5, 5, 5]), fed([1, 4], [0, 0, 1, 1]), fed([1], [0], "int64")],
    attributes: () => ({ output_height: 1, output_width: 2 }),
    expected: [5, 5],
  },
  NonMaxSuppression: {
    inputs: [
      fed([1, 3, 4], [0, 0, 1, 1, 0, 0, 1, 1, 0, 5, 1, 6], "float32"),
      fed([1, 1, 3], [0.5, 0.9, 0.7], "float32"),
      fixed([3]),
      fixed([0.5], "float32"),
    ],
    isDynamic: true,
    expected: [0, 0, 1, 0, 0, 2],
  },
};

export const neuralCases: Readonly<Record<string, OpCase | readonly OpCase[]>> = {
  ...convolutions,
  ...pools,
  ...normalizations,
  ...recurrent,
  ...losses,
  ...images,
};

import * as tf from "@tensorflow/tfjs-core";
import { float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";
import { oneNumber } from "./one-number.ts";

function eluGrad({ dy, y }: Readonly<Record<string, tf.Tensor>>): tf.Tensor {
  return tf.engine().runKernel("EluGrad", { dy: dy!, y: y! });
}

const prelu: KernelCase["run"] = ({ x, alpha }) => tf.prelu(x!, alpha!);
const softmax: KernelCase["run"] = ({ x }) => tf.softmax(x!);

export const activationCases: KernelCases = {
  Relu: oneNumber(tf.relu),
  Relu6: oneNumber(tf.relu6, { fill: { low: -3, high: 9 }, edges: [0, 6, -1, 7] }),
  Elu: oneNumber(tf.elu, { takesInt32: false, edges: [0, 1, -1, -50] }),
  EluGrad: [
    {
      name: "a batch",
      inputs: { dy: float(["n", 3]), y: float(["n", 3], { low: -1, high: 1 }) },
      run: eluGrad,
    },
    { name: "edges", inputs: { dy: float([4]), y: float([4], [0, -1, 1e30, Number.NaN]) }, run: eluGrad },
    { name: "scalar", inputs: { dy: float([]), y: float([], [-0.5]) }, run: eluGrad },
    { name: "empty", inputs: { dy: float([0, 2]), y: float([0, 2]) }, run: eluGrad },
    { name: "from the gradient of elu", inputs: { x: float(["n", 4]) }, run: ({ x }) => tf.grad(tf.elu)(x!) },
  ],
  Selu: oneNumber(tf.selu, { edges: [0, 1, -1, -50] }),
  Sigmoid: oneNumber(tf.sigmoid, { takesInt32: false, edges: [0, 20, -20, 100, -100] }),
  Softplus: [
    ...oneNumber(tf.softplus, { edges: [0, 20, -13, -14, -20, 100, -100, 14] }),
    {
      name: "digits of large negative numbers",
      inputs: { x: float([3], [-14, -20, -80]) },
      run: ({ x }) => tf.log(tf.softplus(x!)),
      gradient: { skip: "ONNX Runtime's Sigmoid is 0 below −18" },
    },
  ],
  LeakyRelu: [
    ...oneNumber((x) => tf.leakyRelu(x)),
    ...[0, 1.5, -0.3].map((slope) => ({
      name: `slope ${slope}`,
      inputs: { x: float(["n", 5]) },
      run: ({ x }: Readonly<Record<string, tf.Tensor>>) => tf.leakyRelu(x!, slope),
    })),
  ],
  Prelu: [
    { name: "same shape", inputs: { x: float(["n", 3]), alpha: float(["n", 3]) }, run: prelu },
    { name: "a slope per channel", inputs: { x: float(["n", 2, 3]), alpha: float([3]) }, run: prelu },
    { name: "shared axes", inputs: { x: float(["n", 4, 2, 3]), alpha: float([4, 1, 3]) }, run: prelu },
    { name: "one slope", inputs: { x: float(["n", 3]), alpha: float([], [0.25]) }, run: prelu },
    {
      name: "x broadcasts too",
      inputs: { x: float(["n", 1]), alpha: float([1, 3]) },
      run: prelu,
      gradient: { skip: "tfjs does not sum the gradient of x over the broadcast axes" },
    },
    { name: "int32", inputs: { x: int(["n", 3]), alpha: int([3]) }, run: prelu },
    { name: "empty", inputs: { x: float([0, 3]), alpha: float([3]) }, run: prelu },
    { name: "large", inputs: { x: float([300, 70]), alpha: float([70]) }, run: prelu },
  ],
  Softmax: [
    { name: "a batch", inputs: { x: float(["n", 5]) }, run: softmax },
    { name: "vector", inputs: { x: float(["n"]) }, run: softmax },
    { name: "rank 5", inputs: { x: float([2, "n", 1, 2, 3]) }, run: softmax },
    { name: "one class", inputs: { x: float(["n", 1]) }, run: softmax },
    {
      name: "far apart",
      inputs: { x: float([2, 4], [1000, -1000, 999, 0, 88, 89, 90, -1e30]) },
      run: softmax,
    },
    { name: "empty", inputs: { x: float([0, 3]) }, run: softmax },
    { name: "large", inputs: { x: float([30, 700], { low: -5, high: 5 }) }, run: softmax },
    {
      name: "another axis",
      inputs: { x: float(["n", 4, 3]) },
      run: ({ x }) => tf.transpose(tf.softmax(tf.transpose(x!, [0, 2, 1])), [0, 2, 1]),
    },
  ],
  Step: [
    ...oneNumber((x) => tf.step(x), { without: [Number.NaN] }),
    { name: "alpha -1", inputs: { x: float(["n", 5], [-2, 0, 3]) }, run: ({ x }) => tf.step(x!, -1) },
    { name: "alpha 0.5", inputs: { x: float(["n", 5], [-2, 0, 3]) }, run: ({ x }) => tf.step(x!, 0.5) },
    { name: "alpha 2, int32", inputs: { x: int(["n", 5]) }, run: ({ x }) => tf.step(x!, 2) },
  ],
};

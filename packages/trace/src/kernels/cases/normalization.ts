import * as tf from "@tensorflow/tfjs-core";
import { float, type KernelCase, type KernelCases } from "./kernel-case.ts";

const variance = { low: 0.3, high: 2 };

const batchNorm: KernelCase["run"] = ({ x, mean, variance, offset, scale }) =>
  tf.batchNorm(
    x!,
    mean as tf.Tensor1D,
    variance as tf.Tensor1D,
    offset as tf.Tensor1D,
    scale as tf.Tensor1D,
    1e-3,
  );

const lrn = (radius: number, bias: number, alpha: number, beta: number) => (x: tf.Tensor) =>
  tf.localResponseNormalization(x as tf.Tensor4D, radius, bias, alpha, beta);

function lrnCase(name: string, channels: number, run: (x: tf.Tensor) => tf.Tensor): KernelCase {
  return { name, inputs: { x: float(["n", 2, 3, channels]) }, run: ({ x }) => run(x!) };
}

function lrnGradCase(name: string, channels: number, run: (x: tf.Tensor) => tf.Tensor): KernelCase {
  return {
    name,
    inputs: { x: float(["n", 2, 3, channels]) },
    run: ({ x }) => tf.grad(run)(x!, tf.cos(x!)),
    gradient: { skip: "tfjs has no second derivative of it" },
  };
}

export const normalizationCases: KernelCases = {
  FusedBatchNorm: [
    {
      name: "all inputs",
      inputs: {
        x: float(["n", 3, 2, 4]),
        mean: float([4]),
        variance: float([4], variance),
        offset: float([4]),
        scale: float([4]),
      },
      run: batchNorm,
    },
    {
      name: "no scale",
      inputs: {
        x: float(["n", 3, 2, 4]),
        mean: float([4]),
        variance: float([4], variance),
        offset: float([4]),
      },
      run: batchNorm,
      gradient: { skip: "tfjs fails in the gradient where scale or offset is absent" },
    },
    {
      name: "no offset",
      inputs: {
        x: float(["n", 3, 2, 4]),
        mean: float([4]),
        variance: float([4], variance),
        scale: float([4]),
      },
      run: batchNorm,
      gradient: { skip: "tfjs fails in the gradient where scale or offset is absent" },
    },
    {
      name: "moments alone",
      inputs: { x: float(["n", 3, 2, 4]), mean: float([4]), variance: float([4], variance) },
      run: batchNorm,
      gradient: { skip: "tfjs fails in the gradient where scale or offset is absent" },
    },
    {
      name: "moments of one cell each",
      inputs: {
        x: float(["n", 2, 2, 3]),
        mean: float(["n", 2, 2, 3]),
        variance: float(["n", 2, 2, 3], variance),
        offset: float(["n", 2, 2, 3]),
        scale: float(["n", 2, 2, 3]),
      },
      run: batchNorm,
    },
    {
      name: "rank 2",
      inputs: {
        x: float(["n", 4]),
        mean: float([4]),
        variance: float([4], variance),
        offset: float([4]),
        scale: float([4]),
      },
      run: batchNorm,
    },
    {
      name: "moments of x",
      inputs: { x: float(["n", 3, 2, 4]), offset: float([4]), scale: float([4]) },
      run({ x, offset, scale }) {
        const { mean, variance } = tf.moments(x!, [0, 1, 2]);
        return batchNorm({ x: x!, mean, variance, offset: offset!, scale: scale! });
      },
    },
  ],
  LRN: [
    lrnCase("defaults", 12, lrn(5, 1, 1, 0.5)),
    lrnCase("radius 1", 5, lrn(1, 0.7, 0.3, 0.75)),
    lrnCase("one channel", 1, lrn(2, 1, 1, 0.5)),
    lrnCase("radius 0", 3, lrn(0, 1, 1, 0.5)),
    lrnCase("more than all channels", 3, lrn(6, 2, 0.5, 1)),
  ],
  LRNGrad: [
    lrnGradCase("defaults", 12, lrn(5, 1, 1, 0.5)),
    lrnGradCase("radius 1", 5, lrn(1, 0.7, 0.3, 0.75)),
    lrnGradCase("more than all channels", 3, lrn(6, 2, 0.5, 1)),
  ],
};

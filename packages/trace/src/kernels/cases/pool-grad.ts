import * as tf from "@tensorflow/tfjs-core";
import { float, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Pad = "same" | "valid" | number;
type Dims = KernelCase["inputs"][string]["dims"];

/** The gradient of a pool for x, with a dy that differs from place to place. */
function gradient(
  name: string,
  dims: Dims,
  pool: (x: tf.Tensor) => tf.Tensor,
  fill?: KernelCase["inputs"][string]["fill"],
): KernelCase {
  const dy = (y: tf.Tensor) => tf.sin(tf.mul(y, 3));
  return {
    name,
    inputs: { x: float(dims, fill) },
    run: ({ x }) => tf.grad(pool)(x!, dy(pool(x!))),
    gradient: { skip: "tfjs has no second derivative of pools" },
  };
}

function pool2d(pool: typeof tf.maxPool | typeof tf.avgPool, size: number, strides: number, pad: Pad) {
  return (x: tf.Tensor) => pool(x as tf.Tensor4D, size, strides, pad);
}

function pool3d(
  pool: typeof tf.maxPool3d,
  size: number | [number, number, number],
  strides: number,
  pad: Pad,
) {
  return (x: tf.Tensor) => pool(x as tf.Tensor5D, size, strides, pad);
}

const ties = [0, 1, 1, 0, 0];

function gradients2d(pool: typeof tf.maxPool | typeof tf.avgPool): KernelCase[] {
  return [
    gradient("tiles", ["n", 4, 6, 3], pool2d(pool, 2, 2, "valid")),
    gradient("tiles, ties", ["n", 4, 6, 3], pool2d(pool, 2, 2, "valid"), ties),
    gradient("overlapping, ties", ["n", 5, 5, 2], pool2d(pool, 3, 1, "same"), ties),
    gradient("tiles, padded", ["n", 5, 7, 2], pool2d(pool, 2, 2, "same")),
    gradient("tiles, cells left over", ["n", 5, 7, 2], pool2d(pool, 2, 2, "valid")),
    gradient("gaps between windows", ["n", 8, 9, 2], pool2d(pool, 2, 3, "same")),
    gradient("no window", ["n", 2, 4, 2], pool2d(pool, 3, 1, "valid")),
    gradient("numeric pad", ["n", 6, 6, 2], pool2d(pool, 3, 2, 1)),
    gradient("symbolic height", [2, "n", 4, 2], pool2d(pool, 3, 1, "same")),
  ];
}

function gradients3d(pool: typeof tf.maxPool3d): KernelCase[] {
  return [
    gradient("tiles", ["n", 2, 4, 4, 3], pool3d(pool, 2, 2, "valid")),
    gradient("overlapping, ties", ["n", 4, 4, 4, 2], pool3d(pool, 3, 1, "same"), ties),
    gradient("gaps between windows", ["n", 5, 5, 8, 2], pool3d(pool, 1, 3, "same")),
    gradient("no window", ["n", 2, 4, 4, 2], pool3d(pool, 3, 1, "valid")),
    gradient("cells left over", ["n", 5, 4, 4, 2], pool3d(pool, [3, 2, 2], 2, "valid"), ties),
  ];
}

export const poolGradCases: KernelCases = {
  MaxPoolGrad: gradients2d(tf.maxPool),
  AvgPoolGrad: gradients2d(tf.avgPool),
  MaxPool3DGrad: gradients3d(tf.maxPool3d),
  AvgPool3DGrad: gradients3d(tf.avgPool3d),
};

import * as tf from "@tensorflow/tfjs-core";
import { float, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Run = KernelCase["run"];

const convRun: Run = ({ x, filter }) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same");

export const convCases: KernelCases = {
  Conv2D: [
    { name: "same", inputs: { x: float(["n", 5, 6, 3]), filter: float([3, 3, 3, 4]) }, run: convRun },
    {
      name: "strides, valid",
      inputs: { x: float(["n", 6, 7, 2]), filter: float([2, 3, 2, 3]) },
      run: ({ x, filter }) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 3], "valid"),
    },
  ],
};

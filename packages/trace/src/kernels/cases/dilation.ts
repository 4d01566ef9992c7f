import * as tf from "@tensorflow/tfjs-core";
import { float, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Dims = KernelCase["inputs"][string]["dims"];
type Run = (x: tf.Tensor, filter: tf.Tensor) => tf.Tensor;

function dilate(strides: number, pad: "same" | "valid", dilations = 1): Run {
  return (x, filter) => tf.dilation2d(x as tf.Tensor4D, filter as tf.Tensor3D, strides, pad, dilations);
}

function cases(make: (name: string, x: Dims, filter: [number, number, number], run: Run) => KernelCase) {
  return [
    make("valid", ["n", 4, 5, 3], [2, 3, 3], dilate(1, "valid")),
    make("same", ["n", 4, 5, 2], [3, 2, 2], dilate(1, "same")),
    make("strides", ["n", 6, 7, 2], [2, 3, 2], dilate(2, "same")),
    make("dilations", ["n", 7, 6, 2], [2, 2, 2], dilate(1, "valid", 2)),
    make("one cell", ["n", 3, 3, 2], [1, 1, 2], dilate(1, "valid")),
    make("symbolic height", [2, "n", 4, 2], [3, 3, 2], dilate(1, "same")),
  ];
}

/** The gradient for one input, with a dy that differs from place to place. */
function gradient(of: "x" | "filter") {
  return (name: string, x: Dims, filter: [number, number, number], run: Run): KernelCase => ({
    name,
    inputs: { x: float(x), filter: float(filter) },
    run({ x, filter }) {
      const [dx, dFilter] = tf.grads(run)([x!, filter!], tf.sin(run(x!, filter!)));
      return of === "x" ? dx! : dFilter!;
    },
    gradient: { skip: "tfjs has no second derivative of it" },
  });
}

export const dilationCases: KernelCases = {
  Dilation2D: [
    ...cases((name, x, filter, run) => ({
      name,
      inputs: { x: float(x), filter: float(filter) },
      run: ({ x, filter }) => run(x!, filter!),
    })),
    {
      name: "ties",
      inputs: { x: float(["n", 4, 4, 2], [0, 1, 1]), filter: float([2, 2, 2], [0]) },
      run: ({ x, filter }) => dilate(1, "same")(x!, filter!),
    },
    {
      name: "rank 3",
      inputs: { x: float([4, 4, 2]), filter: float([2, 2, 2]) },
      run: ({ x, filter }) => dilate(1, "valid")(x!, filter!),
    },
  ],
  Dilation2DBackpropInput: cases(gradient("x")),
  Dilation2DBackpropFilter: cases(gradient("filter")),
};

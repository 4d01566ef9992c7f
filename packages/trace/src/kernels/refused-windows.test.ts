// Calls of window and image kernels that have no ONNX form: refused by name, with what to do instead.
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients, which tfjs-core's Node build lacks.
import "@tensorflow/tfjs-layers";
import { expect, test } from "vitest";
import { traceFunction } from "../trace-function.ts";

// tfjs greets on the console unless told that this is production.
tf.env().set("PROD", true);

type Refusal = readonly [
  name: string,
  dims: readonly (number | string)[],
  run: (x: tf.Tensor) => tf.Tensor,
  reason: string,
];

const nms = (x: tf.Tensor, iouThreshold: number, pads: boolean) =>
  tf.image.nonMaxSuppressionPadded(x as tf.Tensor2D, tf.ones([4]) as tf.Tensor1D, 2, iouThreshold, 0, pads)
    .selectedIndices as tf.Tensor;

const refusals: readonly Refusal[] = [
  [
    "windows of padding alone",
    ["n", 4, 4, 1],
    (x) => tf.maxPool(x as tf.Tensor4D, 2, 1, 2),
    "MaxPool: padding of 2 holds whole windows of 2; pad by less than the window",
  ],
  [
    "depthwise in NCHW",
    ["n", 2, 4, 2],
    (x) => tf.depthwiseConv2d(x as tf.Tensor4D, tf.ones([2, 2, 2, 1]), 1, "same", "NCHW"),
    "DepthwiseConv2dNative (in tf.depthwiseConv2d): dataFormat NCHW is not computed by tfjs-backend-cpu either",
  ],
  ["as many boxes as there are", [4, 4], (x) => nms(x, 0.5, false), "call it with padToMaxOutputSize"],
  ["boxes that may not touch", [4, 4], (x) => nms(x, 0, true), "iouThreshold must be above 0"],
  [
    "the gradient of strides over a free size",
    [1, "n", 4, 1],
    (x) => tf.grad((x) => tf.avgPool(x as tf.Tensor4D, 3, 2, "same"))(x),
    "AvgPoolGrad: an attribute of Conv changes with the size",
  ],
];

test.each(refusals)("%s", (_, dims, run, reason) => {
  expect(() => traceFunction(({ x }) => run(x!), { x: { dtype: "float32", dims } })).toThrow(reason);
});

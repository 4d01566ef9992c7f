/** Convolution over three spatial dims, and its gradients. */
import * as tf from "@tensorflow/tfjs-core";
import { channelsFirst, channelsLast, filterFirst } from "./channel-order.ts";
import { convolve, convolveBack, convolveBackOps, convolveOps } from "./convolution.ts";
import { defineKernel, floats, type Kernel } from "./define.ts";
import { filterGradient, filterGradientOps } from "./filter-gradient.ts";
import { type Window, windowsOf3d } from "./windows.ts";

type Dims5 = [number, number, number, number, number];
type ConvAttrs = Pick<tf.Conv3DAttrs, "strides" | "pad"> & Partial<Pick<tf.Conv3DAttrs, "dilations">>;

function windowsOf(input: readonly number[], filter: readonly number[], attrs: ConvAttrs): readonly Window[] {
  const { strides, pad, dilations = 1 } = attrs;
  return windowsOf3d(
    tf.backend_util.computeConv3DInfo(input as Dims5, filter as Dims5, strides, dilations, pad),
  );
}

const conv3d = defineKernel<tf.Conv3DInputs, tf.Conv3DAttrs>({
  kernel: "Conv3D",
  emits: ["Transpose", "Reshape", "Slice", ...convolveOps],
  dtypes: floats,
  shapes: "[batch, depth, height, width, in] ∗ [d, h, w, in, out] → [batch, depth, height, width, out]",
  trace({ inputs: { x, filter }, attrs, graph }) {
    const windows = windowsOf(x.dims, filter.dims, attrs);
    return channelsLast(
      graph,
      convolve(graph, channelsFirst(graph, x), filterFirst(graph, filter), { windows }),
    );
  },
});

const conv3dBackpropInput = defineKernel<tf.Conv3DBackpropInputV2Inputs, tf.Conv3DBackpropInputV2Attrs>({
  kernel: "Conv3DBackpropInputV2",
  emits: ["Transpose", "Reshape", ...convolveBackOps, "Pad"],
  dtypes: floats,
  shapes: "[batch, depth, height, width, out] ∗ [d, h, w, in, out] → [batch, depth, height, width, in]",
  note: "tf.conv3dTranspose, and the gradient of Conv3D for x.",
  trace({ inputs: { dy, filter }, attrs, graph }) {
    const windows = windowsOf(attrs.inputShape, filter.dims, attrs);
    return channelsLast(
      graph,
      convolveBack(graph, channelsFirst(graph, dy), filterFirst(graph, filter), windows),
    );
  },
});

const conv3dBackpropFilter = defineKernel<tf.Conv3DBackpropFilterV2Inputs, tf.Conv3DBackpropFilterV2Attrs>({
  kernel: "Conv3DBackpropFilterV2",
  emits: filterGradientOps,
  dtypes: floats,
  shapes: "[batch, depth, height, width, in], [batch, depth, height, width, out] → [d, h, w, in, out]",
  note: "The gradient of Conv3D for the filter.",
  trace: ({ inputs: { x, dy }, attrs, graph }) =>
    filterGradient(graph, x, dy, windowsOf(x.dims, attrs.filterShape, attrs)),
});

export const conv3dKernels: readonly Kernel[] = [conv3d, conv3dBackpropInput, conv3dBackpropFilter];

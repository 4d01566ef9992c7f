/** Convolution of each channel by its own filters, and its gradients. */
import * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { alignToChannels, channelsFirst, channelsLast } from "./channel-order.ts";
import { convolve, convolveChannelsBack, convolveOps } from "./convolution.ts";
import { defineKernel, floats, type Kernel } from "./define.ts";
import { channelFilterGradient, channelFilterGradientOps } from "./filter-gradient.ts";
import { activationOps, applyActivation } from "./fused-activation.ts";
import { permute } from "./permute.ts";
import { reversedAxis, sliceAxes, wholeAxis } from "./slice-axes.ts";
import { type Window, windowsOf2d } from "./windows.ts";

type Dims4 = [number, number, number, number];
type Attrs = Pick<tf.DepthwiseConv2dNativeAttrs, "strides" | "dilations" | "pad" | "dimRoundingMode"> & {
  readonly dataFormat?: string;
};

function windowsOf(
  graph: KernelGraph,
  input: readonly number[],
  filter: readonly number[],
  attrs: Attrs,
): readonly Window[] {
  const { strides, dilations, pad, dimRoundingMode, dataFormat = "NHWC" } = attrs;
  if (dataFormat !== "NHWC") {
    graph.refuse(`dataFormat ${dataFormat} is not computed by tfjs-backend-cpu either; transpose to NHWC`);
  }
  return windowsOf2d(
    tf.backend_util.computeConv2DInfo(
      input as Dims4,
      filter as Dims4,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      true,
    ),
  );
}

/** The gradients of tfjs-backend-cpu take every filter as one without gaps. */
function backWindowsOf(
  graph: KernelGraph,
  input: readonly number[],
  filter: readonly number[],
  attrs: Attrs,
): readonly Window[] {
  const windows = windowsOf(graph, input, filter, attrs);
  if (windows.some(({ dilation }) => dilation > 1))
    graph.refuse("tfjs has no gradient for dilations above 1");
  return windows;
}

/** `[h, w, in, multiplier]` → `[in · multiplier, 1, h, w]`. */
function groupedFilter(graph: KernelGraph, filter: TracedValue): TracedValue {
  const [height = 0, width = 0, channels = 0, multiplier = 0] = filter.dims;
  return graph.reshape(permute(graph, filter, [2, 3, 0, 1]), [channels * multiplier, 1, height, width]);
}

function depthwise(
  graph: KernelGraph,
  x: TracedValue,
  filter: TracedValue,
  attrs: Attrs,
  bias?: TracedValue,
): TracedValue {
  return convolve(graph, channelsFirst(graph, x), groupedFilter(graph, filter), {
    windows: windowsOf(graph, x.dims, filter.dims, attrs),
    group: filter.dims[2] ?? 1,
    bias,
  });
}

const depthwiseConv2d = defineKernel<tf.DepthwiseConv2dNativeInputs, tf.DepthwiseConv2dNativeAttrs>({
  kernel: "DepthwiseConv2dNative",
  emits: ["Transpose", "Reshape", ...convolveOps],
  dtypes: floats,
  shapes: "[batch, height, width, in] ∗ [h, w, in, m] → [batch, height, width, in · m]",
  trace: ({ inputs: { x, filter }, attrs, graph }) => channelsLast(graph, depthwise(graph, x, filter, attrs)),
});

const fusedDepthwiseConv2d = defineKernel<tf.FusedDepthwiseConv2DInputs, tf.FusedDepthwiseConv2DAttrs>({
  kernel: "FusedDepthwiseConv2D",
  emits: ["Transpose", "Reshape", ...convolveOps, "Add", ...activationOps],
  dtypes: floats,
  shapes: "as DepthwiseConv2dNative; bias [in · m] or what broadcasts to the result",
  trace({ inputs: { x, filter, bias, preluActivationWeights }, attrs, graph }) {
    const channels = (filter.dims[2] ?? 0) * (filter.dims[3] ?? 0);
    const isPerChannel = bias?.dims.length === 1 && bias.dims[0] === channels;
    const y = depthwise(graph, x, filter, attrs, isPerChannel ? bias : undefined);
    const sum =
      isPerChannel || bias === undefined ? y : graph.node("Add", [y, alignToChannels(graph, bias, 4)]);
    const slope = preluActivationWeights && alignToChannels(graph, preluActivationWeights, 4);
    return channelsLast(graph, applyActivation(graph, sum, attrs, slope));
  },
});

const depthwiseBackpropInput = defineKernel<
  tf.DepthwiseConv2dNativeBackpropInputInputs,
  tf.DepthwiseConv2dNativeBackpropInputAttrs
>({
  kernel: "DepthwiseConv2dNativeBackpropInput",
  emits: ["Transpose", "Slice", "Reshape", "Pad", ...convolveOps],
  dtypes: floats,
  shapes: "[batch, height, width, in · m] ∗ [h, w, in, m] → [batch, height, width, in]",
  note: "The gradient of DepthwiseConv2dNative for x.",
  trace({ inputs: { dy, filter }, attrs, graph }) {
    const windows = backWindowsOf(graph, attrs.inputShape, filter.dims, attrs);
    const planes = permute(graph, filter, [2, 3, 0, 1]);
    const turned = sliceAxes(graph, planes, [wholeAxis, wholeAxis, reversedAxis, reversedAxis]);
    return channelsLast(graph, convolveChannelsBack(graph, channelsFirst(graph, dy), turned, windows));
  },
});

const depthwiseBackpropFilter = defineKernel<
  tf.DepthwiseConv2dNativeBackpropFilterInputs,
  tf.DepthwiseConv2dNativeBackpropFilterAttrs
>({
  kernel: "DepthwiseConv2dNativeBackpropFilter",
  emits: channelFilterGradientOps,
  dtypes: floats,
  shapes: "[batch, height, width, in], [batch, height, width, in · m] → [h, w, in, m]",
  note: "The gradient of DepthwiseConv2dNative for the filter.",
  trace: ({ inputs: { x, dy }, attrs, graph }) =>
    channelFilterGradient(graph, x, dy, backWindowsOf(graph, x.dims, attrs.filterShape, attrs)),
});

export const depthwiseKernels: readonly Kernel[] = [
  depthwiseConv2d,
  fusedDepthwiseConv2d,
  depthwiseBackpropInput,
  depthwiseBackpropFilter,
];

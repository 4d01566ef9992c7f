/** Convolution over two and one spatial dims, and its gradients. */
import * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { alignToChannels, channelsFirst, channelsLast, filterFirst } from "./channel-order.ts";
import { convolve, convolveBack, convolveBackOps, convolveOps } from "./convolution.ts";
import { defineKernel, floats, type Kernel } from "./define.ts";
import { filterGradient, filterGradientOps } from "./filter-gradient.ts";
import { activationOps, applyActivation } from "./fused-activation.ts";
import { type Window, windowsOf2d } from "./windows.ts";

type Dims4 = [number, number, number, number];
type ConvAttrs = Omit<tf.Conv2DAttrs, "dilations"> & Partial<Pick<tf.Conv2DAttrs, "dilations">>;

function windowsOf(input: readonly number[], filter: readonly number[], attrs: ConvAttrs): readonly Window[] {
  const { strides, pad, dilations = 1, dimRoundingMode, dataFormat } = attrs;
  const format = tf.backend_util.convertConv2DDataFormat(dataFormat);
  return windowsOf2d(
    tf.backend_util.computeConv2DInfo(
      input as Dims4,
      filter as Dims4,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      false,
      format,
    ),
  );
}

type DataFormat = ConvAttrs["dataFormat"];

function toFirst(graph: KernelGraph, x: TracedValue, format: DataFormat): TracedValue {
  return format === "NCHW" ? x : channelsFirst(graph, x);
}

function fromFirst(graph: KernelGraph, y: TracedValue, format: DataFormat): TracedValue {
  return format === "NCHW" ? y : channelsLast(graph, y);
}

/** A bias or slope of tfjs, as it broadcasts to the result with channels second. */
function alignTo(graph: KernelGraph, value: TracedValue, format: DataFormat): TracedValue {
  return format === "NCHW" && value.dims.length !== 1 ? value : alignToChannels(graph, value, 4);
}

const conv2d = defineKernel<tf.Conv2DInputs, tf.Conv2DAttrs>({
  kernel: "Conv2D",
  emits: ["Transpose", "Reshape", ...convolveOps],
  dtypes: floats,
  shapes: "[batch, height, width, in] ∗ [h, w, in, out] → [batch, height, width, out]; NCHW too",
  trace({ inputs: { x, filter }, attrs, graph }) {
    const windows = windowsOf(x.dims, filter.dims, attrs);
    const y = convolve(graph, toFirst(graph, x, attrs.dataFormat), filterFirst(graph, filter), { windows });
    return fromFirst(graph, y, attrs.dataFormat);
  },
});

const fusedConv2d = defineKernel<tf.FusedConv2DInputs, tf.FusedConv2DAttrs>({
  kernel: "FusedConv2D",
  emits: ["Transpose", "Reshape", ...convolveOps, "Add", ...activationOps],
  dtypes: floats,
  shapes: "as Conv2D; bias [out] or what broadcasts to the result",
  trace({ inputs: { x, filter, bias, preluActivationWeights }, attrs, graph }) {
    const { dataFormat } = attrs;
    const windows = windowsOf(x.dims, filter.dims, attrs);
    const isPerChannel = bias?.dims.length === 1 && bias.dims[0] === filter.dims[3];
    const options = { windows, bias: isPerChannel ? bias : undefined };
    const y = convolve(graph, toFirst(graph, x, dataFormat), filterFirst(graph, filter), options);
    const sum =
      isPerChannel || bias === undefined ? y : graph.node("Add", [y, alignTo(graph, bias, dataFormat)]);
    const slope = preluActivationWeights && alignTo(graph, preluActivationWeights, dataFormat);
    return fromFirst(graph, applyActivation(graph, sum, attrs, slope), dataFormat);
  },
});

const conv2dBackpropInput = defineKernel<tf.Conv2DBackpropInputInputs, tf.Conv2DBackpropInputAttrs>({
  kernel: "Conv2DBackpropInput",
  emits: ["Transpose", "Reshape", ...convolveBackOps],
  dtypes: floats,
  shapes: "[batch, height, width, out] ∗ [h, w, in, out] → [batch, height, width, in]; NCHW too",
  note: "tf.conv2dTranspose, and the gradient of Conv2D for x.",
  trace({ inputs: { dy, filter }, attrs, graph }) {
    const windows = windowsOf(attrs.inputShape, filter.dims, attrs);
    const planes = toFirst(graph, dy, attrs.dataFormat);
    const dx = convolveBack(graph, planes, filterFirst(graph, filter), windows);
    return fromFirst(graph, dx, attrs.dataFormat);
  },
});

const conv2dBackpropFilter = defineKernel<tf.Conv2DBackpropFilterInputs, tf.Conv2DBackpropFilterAttrs>({
  kernel: "Conv2DBackpropFilter",
  emits: filterGradientOps,
  dtypes: floats,
  shapes: "[batch, height, width, in], [batch, height, width, out] → [h, w, in, out]; NCHW too",
  note: "The gradient of Conv2D for the filter.",
  trace({ inputs: { x, dy }, attrs, graph }) {
    const windows = windowsOf(x.dims, attrs.filterShape, attrs);
    const toLast = (value: TracedValue) => (attrs.dataFormat === "NCHW" ? channelsLast(graph, value) : value);
    return filterGradient(graph, toLast(x), toLast(dy), windows);
  },
});

export const convKernels: readonly Kernel[] = [
  conv2d,
  fusedConv2d,
  conv2dBackpropInput,
  conv2dBackpropFilter,
];

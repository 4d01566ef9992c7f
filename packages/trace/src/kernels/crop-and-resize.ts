/** Boxes of images, each at one size. */
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { defineKernel, type Kernel, numbers } from "./define.ts";
import { columnsOf, createCells, float64Arithmetic, perChannel, places, samplingOps } from "./sampling.ts";

interface Axis {
  readonly isInside: TracedValue;
  /** The cells between which the place lies. */
  readonly low: TracedValue;
  readonly high: TracedValue;
  /** How far from low to high, float64. */
  readonly share: TracedValue;
  readonly nearest: TracedValue;
}

/** Places along one axis of an image of `size` cells, for boxes from `start` to `end`, in parts of the image. */
function placesAlong(
  graph: KernelGraph,
  start: TracedValue,
  end: TracedValue,
  { size, crop, dims }: { readonly size: number; readonly crop: number; readonly dims: readonly number[] },
): Axis {
  const { binary, compare, clip, floor, round } = float64Arithmetic(graph);
  const last = size - 1;
  // The order of the operations is that of tfjs: a box that ends with the image must not end behind it.
  const scale = () => binary("Div", binary("Mul", binary("Sub", end, start), last), crop - 1);
  const place =
    crop > 1
      ? binary("Add", binary("Mul", start, last), binary("Mul", places(graph, crop, dims), scale()))
      : binary("Mul", binary("Mul", binary("Add", start, end), 0.5), last);
  const isInside = graph.node("And", [
    compare("GreaterOrEqual", place, 0),
    compare("LessOrEqual", place, last),
  ]);
  const clipped = clip(place, 0, last);
  const low = floor(clipped);
  return {
    isInside,
    low,
    high: graph.node("Ceil", [clipped]),
    share: binary("Sub", clipped, low),
    nearest: round(clipped),
  };
}

function mix(graph: KernelGraph, a: TracedValue, b: TracedValue, share: TracedValue): TracedValue {
  return graph.node("Add", [a, graph.node("Mul", [graph.node("Sub", [b, a]), share])]);
}

const cropAndResize = defineKernel<tf.CropAndResizeInputs, tf.CropAndResizeAttrs>({
  kernel: "CropAndResize",
  emits: [...samplingOps, "Ceil", "LessOrEqual"],
  dtypes: numbers,
  shapes:
    "image [batch, height, width, channels], boxes [n, 4], boxInd [n] → [n, cropHeight, cropWidth, channels]",
  note: "boxInd must not be negative.",
  trace({ inputs: { image, boxes, boxInd }, attrs, graph }) {
    const [batch = 0, height = 0, width = 0] = image.dims;
    const [cropHeight, cropWidth] = attrs.cropSize;
    const [top, left, bottom, right] = columnsOf(graph, graph.cast(boxes, "float64")) as [
      TracedValue,
      TracedValue,
      TracedValue,
      TracedValue,
    ];
    const rows = placesAlong(graph, top, bottom, { size: height, crop: cropHeight, dims: [cropHeight, 1] });
    const columns = placesAlong(graph, left, right, { size: width, crop: cropWidth, dims: [cropWidth] });
    const images = graph.reshape(graph.cast(boxInd, "int64"), [boxInd.dims[0] ?? 0, 1, 1]);
    const known = graph.node("Clip", [images, graph.scalar(0, "int64"), graph.scalar(batch - 1, "int64")]);
    const start = graph.node("Mul", [known, graph.scalar(height * width, "int64")]);
    const cells = createCells(graph, graph.cast(image, "float32"));
    const share = perChannel(graph, columns.share);
    const alongRow = (row: TracedValue) =>
      mix(graph, cells.read(start, row, columns.low), cells.read(start, row, columns.high), share);
    const found =
      attrs.method === "bilinear"
        ? mix(graph, alongRow(rows.low), alongRow(rows.high), perChannel(graph, rows.share))
        : cells.read(start, rows.nearest, columns.nearest);
    const isInside = perChannel(graph, graph.node("And", [rows.isInside, columns.isInside]));
    const filled = graph.node("Where", [isInside, found, graph.scalar(attrs.extrapolationValue)]);
    // Boxes of images that do not exist stay 0.
    const exists = perChannel(graph, graph.node("Less", [images, graph.scalar(batch, "int64")]));
    return graph.node("Where", [exists, filled, graph.scalar(0)]);
  },
});

export const cropKernels: readonly Kernel[] = [cropAndResize];

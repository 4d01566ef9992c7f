/** Projective transformation of images. */
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { defineKernel, floats, type Kernel } from "./define.ts";
import { columnsOf, createCells, float64Arithmetic, perChannel, places, samplingOps } from "./sampling.ts";

/** Brings places outside of an axis of `size` cells into it, by the rule of the mode. */
function mapPlaces(
  graph: KernelGraph,
  place: TracedValue,
  size: number,
  mode: tf.TransformAttrs["fillMode"],
): TracedValue {
  const { binary, compare, clip, floor, where } = float64Arithmetic(graph);
  const below = () => compare("Less", place, 0);
  const opposite = () => binary("Sub", 0, place);
  if (mode === "constant") return place;
  if (mode === "nearest" || size <= 1) return clip(place, 0, size - 1);
  if (mode === "reflect") {
    const period = 2 * size;
    const turnsBelow = floor(binary("Div", opposite(), period));
    const low = binary("Add", place, binary("Mul", turnsBelow, period));
    const mirrored = where(compare("Less", low, -size), binary("Add", low, period), binary("Sub", -1, low));
    const high = binary("Sub", place, binary("Mul", floor(binary("Div", place, period)), period));
    const folded = where(compare("GreaterOrEqual", high, size), binary("Sub", period - 1, high), high);
    return clip(where(below(), mirrored, folded), 0, size - 1);
  }
  const turnsBelow = binary("Add", floor(binary("Div", opposite(), size - 1)), 1);
  const turns = floor(binary("Div", place, size - 1));
  const high = binary("Sub", place, binary("Mul", turns, size));
  const inOrAbove = where(compare("Greater", place, size - 1), high, place);
  const low = binary("Add", place, binary("Mul", turnsBelow, size));
  return clip(where(below(), low, inOrAbove), 0, size - 1);
}

/** Reads cells; the fill value where a row or column is none of the image's. */
function createReader(graph: KernelGraph, image: TracedValue, fillValue: number) {
  const { compare, clip } = float64Arithmetic(graph);
  const [batch = 0, height = 0, width = 0] = image.dims;
  const cells = createCells(graph, image);
  const start = graph.reshape(graph.ints(Array.from({ length: batch }, (_, at) => at * height * width)), [
    batch,
    1,
    1,
  ]);
  const within = (place: TracedValue, size: number) =>
    graph.node("And", [compare("GreaterOrEqual", place, 0), compare("Less", place, size)]);
  return (row: TracedValue, column: TracedValue): TracedValue => {
    const isInside = graph.node("And", [within(row, height), within(column, width)]);
    const found = cells.read(start, clip(row, 0, height - 1), clip(column, 0, width - 1));
    return graph.node("Where", [perChannel(graph, isInside), found, graph.scalar(fillValue)]);
  };
}

type Reader = ReturnType<typeof createReader>;

/** The mean of the four cells around, by nearness. */
function interpolate(graph: KernelGraph, read: Reader, y: TracedValue, x: TracedValue): TracedValue {
  const { binary, floor } = float64Arithmetic(graph);
  const [top, left] = [floor(y), floor(x)];
  const [bottom, right] = [binary("Add", top, 1), binary("Add", left, 1)];
  const weigh = (weight: TracedValue, value: TracedValue) =>
    graph.node("Mul", [perChannel(graph, weight), value]);
  const alongRow = (row: TracedValue) =>
    graph.node("Add", [
      weigh(binary("Sub", right, x), read(row, left)),
      weigh(binary("Sub", x, left), read(row, right)),
    ]);
  return graph.node("Add", [
    weigh(binary("Sub", bottom, y), alongRow(top)),
    weigh(binary("Sub", y, top), alongRow(bottom)),
  ]);
}

const transform = defineKernel<tf.TransformInputs, tf.TransformAttrs>({
  kernel: "Transform",
  emits: [...samplingOps, "Greater", "Equal"],
  dtypes: floats,
  shapes:
    "image [batch, height, width, channels], transforms [batch or 1, 8] → [batch, newHeight, newWidth, channels]",
  note: "tfjs-backend-cpu transforms only the first image of a batch; the graph transforms each.",
  trace({ inputs: { image, transforms }, attrs, graph }) {
    const { binary, compare, round, where } = float64Arithmetic(graph);
    const [, height = 0, width = 0] = image.dims;
    const [outHeight, outWidth] = attrs.outputShape ?? [height, width];
    const [x, y] = [places(graph, outWidth, [outWidth]), places(graph, outHeight, [outHeight, 1])];
    const t = columnsOf(graph, graph.cast(transforms, "float64"));
    const line = (at: number, constant: TracedValue | number) =>
      binary(
        "Add",
        binary("Add", binary("Mul", t[at] as TracedValue, x), binary("Mul", t[at + 1] as TracedValue, y)),
        constant,
      );
    const projection = line(6, 1);
    const isFar = compare("Equal", projection, 0);
    const divisor = where(isFar, 1, projection);
    const column = mapPlaces(
      graph,
      binary("Div", line(0, t[2] as TracedValue), divisor),
      width,
      attrs.fillMode,
    );
    const row = mapPlaces(
      graph,
      binary("Div", line(3, t[5] as TracedValue), divisor),
      height,
      attrs.fillMode,
    );
    const read = createReader(graph, image, attrs.fillValue);
    const found =
      attrs.interpolation === "bilinear"
        ? interpolate(graph, read, row, column)
        : read(round(row), round(column));
    return graph.node("Where", [perChannel(graph, isFar), graph.scalar(attrs.fillValue), found]);
  },
});

export const transformKernels: readonly Kernel[] = [transform];

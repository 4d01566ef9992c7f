import * as tf from "@tensorflow/tfjs-core";
import { bool, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Run = KernelCase["run"];
type Pad = "same" | "valid" | number;
type Pair = number | [number, number];
type Triple = number | [number, number, number];

/** Two values: most windows hold several of their largest. */
const ties = [0, 1, 1, 0, 0];

function pools2d(pool: typeof tf.maxPool | typeof tf.avgPool): KernelCase[] {
  const run =
    (size: Pair, strides: Pair, pad: Pad, round?: "floor" | "round" | "ceil"): Run =>
    ({ x }) =>
      pool(x as tf.Tensor4D, size, strides, pad, round);
  return [
    { name: "tiles", inputs: { x: float(["n", 4, 6, 3]) }, run: run(2, 2, "valid") },
    { name: "same, uneven", inputs: { x: float(["n", 5, 7, 2]) }, run: run([3, 2], [2, 3], "same") },
    { name: "overlapping", inputs: { x: float(["n", 6, 5, 2]) }, run: run(3, 1, "valid") },
    { name: "overlapping, same", inputs: { x: float(["n", 4, 4, 2]) }, run: run(3, 1, "same") },
    { name: "gaps between windows", inputs: { x: float(["n", 8, 9, 2]) }, run: run(2, 3, "same") },
    { name: "cells left over", inputs: { x: float(["n", 6, 8, 2]) }, run: run(3, 2, "valid") },
    { name: "ties", inputs: { x: float(["n", 6, 6, 2], ties) }, run: run(3, 2, "same") },
    { name: "ties in tiles", inputs: { x: float(["n", 4, 4, 2], ties) }, run: run(2, 2, "valid") },
    { name: "tiles, padded", inputs: { x: float(["n", 5, 7, 2], ties) }, run: run([2, 3], [2, 3], "same") },
    { name: "tiles, cells left over", inputs: { x: float(["n", 5, 7, 2]) }, run: run(3, 3, "valid") },
    { name: "tiles, numeric pad", inputs: { x: float(["n", 6, 7, 2]) }, run: run(3, 3, 1) },
    { name: "tiles of 16 cells", inputs: { x: float(["n", 8, 8, 3], ties) }, run: run(4, 4, "valid") },
    { name: "numeric pad", inputs: { x: float(["n", 5, 5, 2]) }, run: run(3, 2, 1) },
    {
      name: "numeric pad, rounded up",
      inputs: { x: float(["n", 6, 6, 2]) },
      run: run(3, 2, 1, "ceil"),
      gradient: { skip: "tfjs forgets dimRoundingMode in the gradient and fails" },
    },
    { name: "symbolic height and width", inputs: { x: float([2, "n", "n", 3]) }, run: run(3, 1, "same") },
    {
      name: "symbolic height and width, strides",
      inputs: { x: float([2, "n", "n", 3]) },
      run: run(3, 2, "same"),
      gradient: { skip: "for mean values its padding hangs on a size that is not known; the trace says so" },
    },
    { name: "one cell", inputs: { x: float(["n", 3, 3, 2]) }, run: run(1, 1, "valid") },
    { name: "one cell, strides", inputs: { x: float(["n", 5, 4, 2]) }, run: run(1, 2, "valid") },
    { name: "the whole image", inputs: { x: float(["n", 4, 3, 2]) }, run: run([4, 3], 1, "valid") },
    { name: "rank 3", inputs: { x: float([4, 5, 3]) }, run: run(2, 1, "valid") },
    { name: "empty batch", inputs: { x: float([0, 4, 4, 2]) }, run: run(2, 2, "valid") },
    { name: "no window", inputs: { x: float(["n", 2, 4, 2]) }, run: run(3, 1, "valid") },
    { name: "large", inputs: { x: float([2, 40, 40, 16]) }, run: run(3, 2, "same") },
  ];
}

function pools3d(pool: typeof tf.maxPool3d): KernelCase[] {
  const run =
    (size: Triple, strides: Triple, pad: Pad): Run =>
    ({ x }) =>
      pool(x as tf.Tensor5D, size, strides, pad);
  return [
    { name: "tiles", inputs: { x: float(["n", 4, 2, 6, 3]) }, run: run(2, 2, "valid") },
    { name: "same, uneven", inputs: { x: float(["n", 5, 3, 4, 2]) }, run: run([3, 2, 2], [2, 1, 3], "same") },
    { name: "overlapping", inputs: { x: float(["n", 4, 4, 5, 2]) }, run: run(3, 1, "same") },
    { name: "ties", inputs: { x: float(["n", 4, 4, 4, 2], ties) }, run: run(3, 1, "same") },
    { name: "gaps between windows", inputs: { x: float(["n", 5, 5, 8, 2]) }, run: run(1, 3, "same") },
    { name: "numeric pad", inputs: { x: float(["n", 4, 4, 4, 2]) }, run: run(3, 2, 1) },
    { name: "tiles, padded", inputs: { x: float(["n", 3, 5, 5, 2], ties) }, run: run(2, 2, "same") },
    { name: "tiles, cells left over", inputs: { x: float(["n", 3, 5, 5, 2]) }, run: run(2, 2, "valid") },
    { name: "no window", inputs: { x: float(["n", 2, 4, 4, 2]) }, run: run(3, 1, "valid") },
    { name: "one channel", inputs: { x: float(["n", 3, 4, 4, 1]) }, run: run(2, 1, "valid") },
    { name: "rank 4", inputs: { x: float([3, 4, 4, 2]) }, run: run(2, 1, "valid") },
  ];
}

export const poolCases: KernelCases = {
  MaxPool: [
    ...pools2d(tf.maxPool),
    {
      name: "int32",
      inputs: { x: int(["n", 4, 4, 2]) },
      run: ({ x }) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"),
    },
    {
      name: "bool",
      inputs: { x: bool(["n", 4, 4, 2]) },
      run: ({ x }) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"),
    },
  ],
  AvgPool: pools2d(tf.avgPool),
  MaxPool3D: pools3d(tf.maxPool3d),
  AvgPool3D: pools3d(tf.avgPool3d),
  MaxPoolWithArgmax: [
    argmax("tiles", float(["n", 4, 6, 3]), 2, 2, "valid"),
    argmax("overlapping, ties", float(["n", 5, 5, 2], ties), 3, 1, "same"),
    argmax("batch in index", float(["n", 5, 6, 3]), [2, 3], 2, "same", true),
    argmax("one channel", float(["n", 4, 5, 1]), 2, 1, "valid"),
    argmax("int32", int(["n", 4, 4, 2]), 2, 2, "valid"),
    argmax("symbolic height", float([2, "n", 4, 2]), 3, 1, "same"),
  ],
};

function argmax(
  name: string,
  x: KernelCase["inputs"][string],
  size: Pair,
  strides: Pair,
  pad: "same" | "valid",
  includeBatch = false,
): KernelCase {
  return {
    name,
    inputs: { x },
    run({ x }) {
      const { result, indexes } = tf.maxPoolWithArgmax(x as tf.Tensor4D, size, strides, pad, includeBatch);
      return [result!, indexes!];
    },
  };
}

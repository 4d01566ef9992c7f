import * as tf from "@tensorflow/tfjs-core";
import { bool, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Op = (x: tf.Tensor) => tf.Tensor;

function unary(name: string, x: KernelCase["inputs"][string], op: Op): KernelCase {
  return { name, inputs: { x }, run: (inputs) => op(inputs.x!) };
}

const withNone = { sizes: [0, 1, 2, 5] };

const reshape: readonly KernelCase[] = [
  { ...unary("n rows to one row", float(["n", 3]), (x) => tf.reshape(x, [x.size])), ...withNone },
  { ...unary("a given -1", float(["n", 3, 2]), (x) => tf.reshape(x, [-1, 6])), ...withNone },
  {
    ...unary("n stays in its place", float(["n", 6]), (x) => tf.reshape(x, [x.shape[0]!, 2, 3])),
    ...withNone,
  },
  { ...unary("n moves", float([2, "n"]), (x) => tf.reshape(x, [x.shape[1]!, 2])), ...withNone },
  unary("n twice", float(["n", "n", 4]), (x) => tf.reshape(x, [x.shape[0]!, x.shape[1]!, 2, 2])),
  { ...unary("n twice, joined", float(["n", "n", 4]), (x) => tf.reshape(x, [-1, 4])), ...withNone },
  {
    ...unary("n twice, split", float(["n", "n", 4]), (x) => tf.reshape(x, [4 * x.shape[0]!, x.shape[1]!])),
    ...withNone,
  },
  unary("there and back", float(["n", 4]), (x) => tf.reshape(tf.reshape(x, [-1]), x.shape)),
  unary("to a scalar", float([1, 1]), (x) => tf.reshape(x, [])),
  unary("from a scalar", float([]), (x) => tf.reshape(x, [1, 1, 1])),
  unary("empty", float([0, 3]), (x) => tf.reshape(x, [3, 0, 2])),
  unary("int32", int([2, "n"]), (x) => tf.reshape(x, [-1])),
  unary("bool", bool([2, 3]), (x) => tf.reshape(x, [3, 2])),
  unary("squeeze", float(["n", 1, 3, 1]), (x) => tf.squeeze(x, [1])),
];

const expandDims: readonly KernelCase[] = [
  ...[0, 1, 2, -1, -3].map((axis) => unary(`axis ${axis}`, float(["n", 3]), (x) => tf.expandDims(x, axis))),
  unary("of a scalar", float([]), (x) => tf.expandDims(x, 0)),
  unary("int32, rank 5", int([2, 1, "n", 3, 1]), (x) => tf.expandDims(x, 3)),
  unary("bool, empty", bool([0, 2]), (x) => tf.expandDims(x, 1)),
];

const transpose: readonly KernelCase[] = [
  { ...unary("matrix", float(["n", 3]), (x) => tf.transpose(x)), ...withNone },
  unary("rank 3", float([2, "n", 4]), (x) => tf.transpose(x, [1, 2, 0])),
  unary("rank 5", float([2, 3, "n", 1, 2]), (x) => tf.transpose(x, [4, 0, 3, 1, 2])),
  unary("only axes of size 1 move", float(["n", 1, 3, 1]), (x) => tf.transpose(x, [1, 0, 3, 2])),
  unary("to itself", float(["n", 3]), (x) => tf.transpose(x, [0, 1])),
  unary("twice", float(["n", 3, 2]), (x) => tf.transpose(tf.transpose(x, [2, 0, 1]), [2, 0, 1])),
  unary("int32", int([2, 3]), (x) => tf.transpose(x)),
  unary("bool", bool([2, 3]), (x) => tf.transpose(x)),
  unary("empty", float([0, 3]), (x) => tf.transpose(x)),
];

const noLoop = { skip: "tfjs has no gradient of tile above rank 4" };

const tile: readonly KernelCase[] = [
  unary("vector", float(["n"]), (x) => tf.tile(x, [3])),
  unary("matrix", float(["n", 2]), (x) => tf.tile(x, [2, 3])),
  unary("rank 3", float([2, "n", 3]), (x) => tf.tile(x, [2, 1, 2])),
  unary("rank 4", float([2, 1, "n", 2]), (x) => tf.tile(x, [1, 3, 2, 2])),
  { ...unary("rank 5", float([2, 1, "n", 2, 1]), (x) => tf.tile(x, [1, 3, 2, 2, 2])), gradient: noLoop },
  unary("one axis", float([2, 3]), (x) => tf.tile(x, [1, 3])),
  unary("all once", float(["n", 3]), (x) => tf.tile(x, [1, 1])),
  unary("none", float([2, 3]), (x) => tf.tile(x, [0, 2])),
  unary("int32", int(["n", 2]), (x) => tf.tile(x, [2, 2])),
  unary("bool", bool(["n", 2]), (x) => tf.tile(x, [2, 2])),
  unary("bool, of size 1", bool(["n", 1]), (x) => tf.tile(x, [1, 4])),
  unary("broadcastTo", float([3]), (x) => tf.broadcastTo(x, [4, 3])),
  {
    name: "broadcastTo n",
    inputs: { x: float([1, 3]), like: int(["n", 1]) },
    run: ({ x, like }) => tf.broadcastTo(x!, [like!.shape[0]!, 3]),
  },
  {
    name: "n times, twice",
    inputs: { x: float([2, 3]), like: int(["n"]) },
    run: ({ x, like }) => tf.tile(x!, [like!.shape[0]!, 2]),
  },
];

const reverse: readonly KernelCase[] = [
  { ...unary("vector", float(["n"]), (x) => tf.reverse(x, 0)), ...withNone },
  unary("axis -1", float([2, "n"]), (x) => tf.reverse(x, -1)),
  unary("two axes of rank 4", float([2, "n", 3, 2]), (x) => tf.reverse(x, [1, 3])),
  unary("all axes", float(["n", 3]), (x) => tf.reverse(x)),
  unary("no axis", float(["n", 3]), (x) => tf.reverse(x, [])),
  unary("scalar", float([]), (x) => tf.reverse(x)),
  unary("int32", int([2, 3]), (x) => tf.reverse(x, 1)),
  unary("bool", bool([2, 3]), (x) => tf.reverse(x, 1)),
];

const shapes = (s0: number[], s1: number[]): KernelCase => ({
  name: `[${s0}] and [${s1}]`,
  inputs: { s0: int([s0.length], s0), s1: int([s1.length], s1) },
  run: (inputs) => tf.broadcastArgs(inputs.s0!, inputs.s1!),
});

export const shapeCases: KernelCases = {
  Reshape: reshape,
  ExpandDims: expandDims,
  Transpose: transpose,
  Tile: tile,
  Reverse: reverse,
  BroadcastArgs: [
    shapes([2, 1, 3], [4, 1]),
    shapes([5], [5]),
    shapes([1], [2, 3, 4]),
    shapes([1, 0], [3, 1]),
    {
      name: "shapes that are known",
      inputs: { x: float(["n", 1]) },
      run: ({ x }) => tf.broadcastArgs(tf.tensor1d(x!.shape, "int32"), tf.tensor1d([4], "int32")),
    },
  ],
};

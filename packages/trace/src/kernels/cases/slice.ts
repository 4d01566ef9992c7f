import * as tf from "@tensorflow/tfjs-core";
import { bool, type CaseInput, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Op = (x: tf.Tensor) => tf.Tensor | tf.Tensor[];

function unary(name: string, x: CaseInput, op: Op): KernelCase {
  return { name, inputs: { x }, run: (inputs) => op(inputs.x!) };
}

function binary(
  name: string,
  a: CaseInput,
  b: CaseInput,
  op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): KernelCase {
  return { name, inputs: { a, b }, run: (inputs) => op(inputs.a!, inputs.b!) };
}

const ofOne = { skip: "tfjs itself fails: it hands the one dy over as a tensor, not as a list" };
const withNone = { sizes: [0, 1, 2, 5] };

const slice: readonly KernelCase[] = [
  unary("vector", float([5]), (x) => tf.slice(x, 1, 3)),
  { ...unary("columns of n rows", float(["n", 5]), (x) => tf.slice(x, [0, 2], [-1, 2])), ...withNone },
  { ...unary("all but the first of n", float(["n", 3]), (x) => tf.slice(x, [1, 0])), sizes: [1, 2, 5] },
  unary("the last of n", float(["n", 3]), (x) => tf.slice(x, [x.shape[0]! - 1, 0], [1, 3])),
  unary("all but the last of n", float(["n", 3]), (x) => tf.slice(x, [0, 0], [x.shape[0]! - 1, 3])),
  unary("half of 2n", float(["n", 4]), (x) => {
    const flat = tf.reshape(x, [-1]);
    return tf.slice(flat, flat.size / 2, flat.size / 2);
  }),
  unary("everything", float(["n", 3]), (x) => tf.slice(x, [0, 0], x.shape)),
  unary("nothing", float(["n", 3]), (x) => tf.slice(x, [0, 1], [-1, 0])),
  unary("rank 5", float([2, 3, "n", 2, 4]), (x) => tf.slice(x, [1, 0, 0, 1, 2], [1, 2, -1, 1, 2])),
  unary("begin shorter than the rank", float(["n", 3, 4]), (x) => tf.slice(x, [0, 1], [-1, 2])),
  unary("int32", int([4, 3]), (x) => tf.slice(x, [1, 1], [2, 2])),
  unary("bool", bool([4, 3]), (x) => tf.slice(x, [1, 1], [2, 2])),
  unary("large", float([300, 90]), (x) => tf.slice(x, [10, 20], [200, 60])),
];

function strided(
  name: string,
  x: CaseInput,
  ...rest: DropFirst<Parameters<typeof tf.stridedSlice>>
): KernelCase {
  return unary(name, x, (given) => tf.stridedSlice(given, ...rest));
}
type DropFirst<List extends unknown[]> = List extends [unknown, ...infer Rest] ? Rest : never;

const stridedSlice: readonly KernelCase[] = [
  strided("every second of n", float(["n", 3]), [0, 0], [0, 3], [2, 1], 0, 1),
  strided("every third from the second", float([8]), [1], [8], [3]),
  strided("backwards", float(["n", 3]), [-1, 0], [0, 3], [-1, 1], 1, 1),
  strided("backwards by two, from the end", float([7]), [-1], [-8], [-2]),
  strided("backwards, to the second", float([7]), [6], [1], [-2]),
  strided("the last row of n", float(["n", 3]), [-1, 0], [0, 0], [1, 1], 0, 2, 0, 0, 1),
  strided("ellipsis", float(["n", 2, 3, 4]), [0, 1], [0, 3], [1, 2], 0, 0, 1),
  strided("a new axis in front", float(["n", 3]), [0, 0, 1], [0, 0, 3], [1, 1, 1], 2, 2, 0, 1),
  strided("a new axis and every second", float(["n", 3]), [0, 0, 0], [0, 0, 3], [1, 2, 1], 2, 2, 0, 1),
  strided("nothing", float([4, 3]), [2, 0], [2, 3], [1, 1]),
  strided("everything", float(["n", 3]), [0, 0], [0, 0], [1, 1], 3, 3),
  strided("beyond the end", float([4, 3]), [1, 0], [9, 9], [2, 2]),
  strided("int32", int([4, 5]), [3, 4], [0, 0], [-1, -2]),
  strided("bool", bool([4, 5]), [0, 1], [4, 5], [1, 2]),
];

const splitV: readonly KernelCase[] = [
  unary("in two", float(["n", 6]), (x) => tf.split(x, 2, 1)),
  unary("sizes", float(["n", 6]), (x) => tf.split(x, [1, 3, 2], -1)),
  unary("sizes with a rest", float([6, "n"]), (x) => tf.split(x, [2, -1], 0)),
  { ...unary("one part", float(["n", 3]), (x) => tf.split(x, 1, 1)), gradient: ofOne },
  unary("of n, the first and the rest", float(["n", 3]), (x) => tf.split(x, [1, -1], 0)),
  unary("4n in two", float(["n", 4]), (x) => tf.split(tf.reshape(x, [-1]), 2)),
  unary("an empty part", float([4, 2]), (x) => tf.split(x, [0, 4], 0)),
  unary("rank 4", float([2, "n", 2, 4]), (x) => tf.split(x, 4, 3)),
  unary("int32", int([4, 2]), (x) => tf.split(x, 2)),
  unary("bool", bool([4, 2]), (x) => tf.split(x, 2)),
];

const unpack: readonly KernelCase[] = [
  unary("axis 0", float([3, "n"]), (x) => tf.unstack(x)),
  unary("axis 1", float(["n", 3, 2]), (x) => tf.unstack(x, 1)),
  unary("axis -1", float(["n", 2]), (x) => tf.unstack(x, -1)),
  { ...unary("one part", float([1, "n"]), (x) => tf.unstack(x)), gradient: ofOne },
  unary("vector", float([3]), (x) => tf.unstack(x)),
  unary("int32", int([2, "n"]), (x) => tf.unstack(x)),
  unary("bool", bool([2, "n"]), (x) => tf.unstack(x)),
];

const pack: readonly KernelCase[] = [
  ...[0, 1, 2, -1].map((axis) =>
    binary(`axis ${axis}`, float(["n", 3]), float(["n", 3]), (a, b) => tf.stack([a, b], axis)),
  ),
  binary("three, of vectors", float(["n"]), float(["n"]), (a, b) => tf.stack([a, b, a])),
  unary("one", float(["n", 3]), (x) => tf.stack([x], 1)),
  binary("scalars", float([]), float([]), (a, b) => tf.stack([a, b])),
  binary("int32", int(["n"]), int(["n"]), (a, b) => tf.stack([a, b], 1)),
  binary("bool", bool(["n"]), bool(["n"]), (a, b) => tf.stack([a, b], 1)),
];

const concat: readonly KernelCase[] = [
  binary("rows, n and n", float(["n", 3]), float(["n", 3]), (a, b) => tf.concat([a, b], 0)),
  binary("rows, n and two", float(["n", 3]), float([2, 3]), (a, b) => tf.concat([b, a, b], 0)),
  binary("columns", float(["n", 3]), float(["n", 2]), (a, b) => tf.concat([a, b], 1)),
  binary("axis -2", float([2, "n", 3]), float([2, 4, 3]), (a, b) => tf.concat([a, b], -2)),
  binary("with an empty one", float([0, 3]), float(["n", 3]), (a, b) => tf.concat([a, b], 0)),
  binary("only empty ones", float([0, 3]), float([0, 2]), (a, b) => tf.concat([a, b], 1)),
  binary("vectors", float([3]), float(["n"]), (a, b) => tf.concat([a, b])),
  binary("rank 5", float([1, 2, "n", 1, 2]), float([1, 2, "n", 3, 2]), (a, b) => tf.concat([a, b], 3)),
  binary("int32", int(["n", 2]), int(["n", 1]), (a, b) => tf.concat([a, b], 1)),
  binary("bool", bool(["n", 2]), bool(["n", 1]), (a, b) => tf.concat([a, b], 1)),
  {
    ...binary("int32, then float32", int(["n", 2]), float(["n", 1], [1.6, -1.6]), (a, b) =>
      tf.concat([a, b], 1),
    ),
    gradient: { skip: "the result is int32" },
  },
  binary("large", float([200, 70]), float([200, 90]), (a, b) => tf.concat([a, b, a], 1)),
];

export const sliceCases: KernelCases = {
  Slice: slice,
  StridedSlice: stridedSlice,
  SplitV: splitV,
  Unpack: unpack,
  Pack: pack,
  Concat: concat,
};

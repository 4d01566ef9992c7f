import * as tf from "@tensorflow/tfjs-core";
import { bool, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Op = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Shapes that any broadcasting kernel must take. */
function binary(op: Op, fill = { low: -2, high: 2 }): readonly KernelCase[] {
  const run: KernelCase["run"] = ({ a, b }) => op(a!, b!);
  return [
    { name: "same shape", inputs: { a: float(["n", 3], fill), b: float(["n", 3], fill) }, run },
    { name: "a row", inputs: { a: float(["n", 3], fill), b: float([3], fill) }, run },
    { name: "both broadcast", inputs: { a: float(["n", 1, 3], fill), b: float([4, 1], fill) }, run },
    { name: "scalars", inputs: { a: float([], fill), b: float([], fill) }, run },
    { name: "rank 5", inputs: { a: float([2, 1, "n", 2, 1], fill), b: float([1, 2, "n", 1, 3], fill) }, run },
    {
      name: "empty",
      inputs: { a: float([0, 3], fill), b: float([1, 3], fill) },
      run,
      gradient: { skip: "tfjs itself cannot reduce the gradient of a broadcast to nothing" },
    },
    { name: "large", inputs: { a: float([300, 70], fill), b: float([1, 70], fill) }, run },
  ];
}

/** int32 in all quadrants; zeros too where `b` may have them. */
function onInts(op: Op, b = [2, -3, 1, -1, 4]): readonly KernelCase[] {
  const run: KernelCase["run"] = ({ a, b }) => op(a!, b!);
  return [
    { name: "int32", inputs: { a: int(["n", 5]), b: int([5], b) }, run },
    { name: "int32 and float32", inputs: { a: int(["n", 3]), b: float([3], [0.5, 2, -1.5]) }, run },
    {
      name: "int32 by constants",
      inputs: { a: int(["n", 2]) },
      run: ({ a }) => op(a!, tf.scalar(3, "int32")),
    },
  ];
}

const notSummed = "tfjs does not sum this gradient over the axes that were broadcast";

/** tfjs's gradient of the kernel has the shape of the result, whatever was broadcast. */
function withoutSums(cases: readonly KernelCase[]): readonly KernelCase[] {
  const broadcasts = ["a row", "both broadcast", "rank 5", "large", "int32 and float32"];
  return cases.map((kernelCase) =>
    broadcasts.includes(kernelCase.name) ? { ...kernelCase, gradient: { skip: notSummed } } : kernelCase,
  );
}

function edges(op: Op, name: string, a: readonly number[], b: readonly number[], make = float): KernelCase {
  return {
    name,
    inputs: { a: make([a.length, 1], a), b: make([b.length], b) },
    run: ({ a, b }) => op(a!, b!),
    gradient: { skip: "only the values are of interest" },
  };
}

const ends = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1.5, -2];
const positive = { low: 0.3, high: 2 };
const wholes = [7, -7, 0, 5, -1, 2147483647, -2147483648];
const power = (exponent: number): KernelCase => ({
  name: `power ${exponent}`,
  inputs: { a: float(["n", 4], positive) },
  run: ({ a }) => tf.pow(a!, exponent),
});

export const elementwiseCases: KernelCases = {
  Add: [...binary(tf.add), ...onInts(tf.add), edges(tf.add, "wraps", wholes, wholes, int)],
  Sub: [...binary(tf.sub), ...onInts(tf.sub), edges(tf.sub, "wraps", wholes, wholes, int)],
  Multiply: [
    ...binary(tf.mul),
    ...onInts(tf.mul),
    edges(tf.mul, "edges", ends, ends),
    { name: "bool", inputs: { a: bool(["n", 4]), b: bool([4]) }, run: ({ a, b }) => tf.mul(a!, b!) },
  ],
  RealDiv: [
    ...binary((a, b) => tf.div(a, tf.add(tf.abs(b), 0.5))),
    edges(tf.div, "edges", ends, ends),
    edges((a, b) => tf.engine().runKernel("RealDiv", { a, b }), "int32", wholes, [2, -3, 0, -1], int),
    { name: "by a constant", inputs: { a: float(["n", 3]) }, run: ({ a }) => tf.div(a!, 3) },
  ],
  FloorDiv: [
    ...binary((a, b) => tf.floorDiv(a, tf.add(tf.abs(b), 0.3))),
    ...onInts(tf.floorDiv).map((given) => ({ ...given, gradient: { skip: "of whole results" } })),
    edges(tf.floorDiv, "by zero", wholes, [0, -1, 3, -3], int),
    edges(tf.floorDiv, "edges", ends, ends),
    {
      name: "tf.div of int32",
      inputs: { a: int(["n", 3]), b: int([3], [2, 3, -2]) },
      run: ({ a, b }) => tf.div(a!, b!),
    },
  ],
  Mod: [
    ...binary((a, b) => tf.mod(a, tf.add(tf.abs(b), 0.3))),
    ...onInts(tf.mod),
    edges(tf.mod, "signs", [5.5, -5.5, 0, 4, -4, 1e-10, -1e-10], [2, -2, 3.5, -3.5]),
    edges(tf.mod, "int32 by zero and one", wholes, [0, 1, -1, 3, -3, 2147483647, -2147483648], int),
    edges(tf.mod, "by zero", [1, -1, 0], [0]),
  ],
  Pow: [
    ...binary(tf.pow, positive),
    ...[-2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 2.5].map(power),
    edges(tf.pow, "int32", [2, -2, 3, 0, -1, 1], [0, 1, 2, 3, -1, -2], int),
    edges(tf.pow, "negative numbers", [-8, -1, -0.5], [2, 3, -1, 1 / 3]),
    { name: "of a constant", inputs: { a: float(["n"], positive) }, run: ({ a }) => tf.pow(0.9, a!) },
  ],
  Maximum: [
    ...withoutSums(binary(tf.maximum)),
    ...withoutSums(onInts(tf.maximum)),
    edges(tf.maximum, "edges", ends, ends),
    onBools(tf.maximum),
  ],
  Minimum: [
    ...withoutSums(binary(tf.minimum)),
    ...withoutSums(onInts(tf.minimum)),
    edges(tf.minimum, "edges", ends, ends),
    onBools(tf.minimum),
  ],
  SquaredDifference: [
    ...withoutSums(binary(tf.squaredDifference)),
    ...withoutSums(onInts(tf.squaredDifference)),
  ],
  Atan2: [
    ...binary(tf.atan2),
    edges(tf.atan2, "quadrants and axes", [1, -1, 0, 3e30, -1e-30], [1, -1, 0, 1e-30, -3e30]),
    edges(tf.atan2, "NaN", [Number.NaN, 1], [1, Number.NaN]),
  ],
  BitwiseAnd: [
    {
      name: "int32",
      inputs: { a: int(["n", 5]), b: int(["n", 5]) },
      run: ({ a, b }) => tf.bitwiseAnd(a!, b!),
    },
    { name: "scalars", inputs: { a: int([]), b: int([]) }, run: ({ a, b }) => tf.bitwiseAnd(a!, b!) },
    { name: "empty", inputs: { a: int([0, 2]), b: int([0, 2]) }, run: ({ a, b }) => tf.bitwiseAnd(a!, b!) },
  ],
  AddN: [
    addN("one", 1),
    addN("two", 2),
    addN("four", 4),
    {
      name: "int32",
      inputs: { a: int(["n", 2]), b: int(["n", 2]), c: int(["n", 2]) },
      run: ({ a, b, c }) => tf.addN([a!, b!, c!]),
    },
    { name: "scalars", inputs: { a: float([]), b: float([]) }, run: ({ a, b }) => tf.addN([a!, b!]) },
    { name: "empty", inputs: { a: float([0, 2]), b: float([0, 2]) }, run: ({ a, b }) => tf.addN([a!, b!]) },
  ],
};

function addN(name: string, count: number): KernelCase {
  const names = Array.from({ length: count }, (_, at) => `x${at}`);
  return {
    name,
    inputs: Object.fromEntries(names.map((name) => [name, float(["n", 3])])),
    run: (inputs) => tf.addN(names.map((name) => inputs[name]!)),
  };
}

/** tfjs compares truth values as int32. */
function onBools(op: Op): KernelCase {
  return { name: "bool", inputs: { a: bool(["n", 4]), b: bool([4]) }, run: ({ a, b }) => op(a!, b!) };
}

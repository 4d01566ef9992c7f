import * as tf from "@tensorflow/tfjs-core";
import { bool, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Op = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const few = [1, 2, 2, Number.NaN, -1];

/** Few different numbers, so that equal ones meet. */
function comparison(op: Op): readonly KernelCase[] {
  const run: KernelCase["run"] = ({ a, b }) => op(a!, b!);
  const digits = { low: -2, high: 3 };
  return [
    { name: "float32", inputs: { a: float(["n", 5], few), b: float(["n", 5], [1, 1, 2, 2]) }, run },
    { name: "int32", inputs: { a: int(["n", 5], digits), b: int([5], digits) }, run },
    { name: "bool", inputs: { a: bool(["n", 5]), b: bool([5]) }, run },
    { name: "int32 and float32", inputs: { a: int(["n", 5], digits), b: float([5], [0, 0.5, 1]) }, run },
    { name: "both broadcast", inputs: { a: int(["n", 1, 3], digits), b: int([4, 1], digits) }, run },
    { name: "scalars", inputs: { a: float([], [1]), b: float([], [1]) }, run },
    { name: "a number", inputs: { a: float(["n", 3], few) }, run: ({ a }) => op(a!, tf.scalar(2)) },
    { name: "rank 5", inputs: { a: int([2, 1, "n", 2, 1], digits), b: int([1, 2, "n", 1, 3], digits) }, run },
    { name: "empty", inputs: { a: float([0, 3]), b: float([1, 3]) }, run },
    { name: "large", inputs: { a: int([300, 70], digits), b: int([70], digits) }, run },
  ];
}

function logical(op: Op): readonly KernelCase[] {
  const run: KernelCase["run"] = ({ a, b }) => op(a!, b!);
  return [
    { name: "same shape", inputs: { a: bool(["n", 5]), b: bool(["n", 5]) }, run },
    { name: "both broadcast", inputs: { a: bool(["n", 1, 3]), b: bool([4, 1]) }, run },
    { name: "scalars", inputs: { a: bool([]), b: bool([]) }, run },
    { name: "empty", inputs: { a: bool([0, 2]), b: bool([2]) }, run },
    { name: "large", inputs: { a: bool([300, 70]), b: bool([70]) }, run },
  ];
}

function question(op: (x: tf.Tensor) => tf.Tensor): readonly KernelCase[] {
  const values = [1, Number.NaN, Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY, -3e38];
  const run: KernelCase["run"] = ({ x }) => op(x!);
  return [
    { name: "a batch", inputs: { x: float(["n", 4], values) }, run },
    { name: "scalar", inputs: { x: float([], [Number.NaN]) }, run },
    { name: "empty", inputs: { x: float([0]) }, run },
    { name: "int32", inputs: { x: int(["n", 2]) }, run },
    { name: "large", inputs: { x: float([300, 70], values) }, run },
  ];
}

const select: KernelCase["run"] = ({ c, t, e }) => tf.where(c!, t!, e!);

export const comparisonCases: KernelCases = {
  Equal: comparison(tf.equal),
  NotEqual: comparison(tf.notEqual),
  Greater: comparison(tf.greater),
  GreaterEqual: comparison(tf.greaterEqual),
  Less: comparison(tf.less),
  LessEqual: comparison(tf.lessEqual),
  LogicalAnd: logical(tf.logicalAnd),
  LogicalOr: logical(tf.logicalOr),
  LogicalNot: [
    { name: "a batch", inputs: { x: bool(["n", 5]) }, run: ({ x }) => tf.logicalNot(x!) },
    { name: "scalar", inputs: { x: bool([]) }, run: ({ x }) => tf.logicalNot(x!) },
    { name: "empty", inputs: { x: bool([0]) }, run: ({ x }) => tf.logicalNot(x!) },
    { name: "large", inputs: { x: bool([300, 70]) }, run: ({ x }) => tf.logicalNot(x!) },
  ],
  IsNan: question(tf.isNaN),
  IsInf: question(tf.isInf),
  IsFinite: question(tf.isFinite),
  Select: [
    {
      name: "same shape",
      inputs: { c: bool(["n", 5]), t: float(["n", 5]), e: float(["n", 5]) },
      run: select,
    },
    { name: "scalars", inputs: { c: bool([]), t: float([]), e: float([]) }, run: select },
    { name: "int32", inputs: { c: bool(["n", 5]), t: int(["n", 5]), e: int(["n", 5]) }, run: select },
    { name: "bool", inputs: { c: bool(["n", 5]), t: bool(["n", 5]), e: bool(["n", 5]) }, run: select },
    {
      name: "int32 or float32",
      inputs: { c: bool(["n", 5]), t: int(["n", 5]), e: float(["n", 5]) },
      run: select,
    },
    {
      name: "bool or int32",
      inputs: { c: bool(["n", 5]), t: bool(["n", 5]), e: int(["n", 5]) },
      run: select,
    },
    {
      name: "rank 4",
      inputs: { c: bool(["n", 2, 1, 3]), t: float(["n", 2, 1, 3]), e: float(["n", 2, 1, 3]) },
      run: select,
    },
    {
      name: "a NaN not chosen",
      inputs: { c: bool([4], [1, 0]), t: float([4], [1, Number.NaN]), e: float([4]) },
      run: select,
    },
    { name: "empty", inputs: { c: bool([0, 2]), t: float([0, 2]), e: float([0, 2]) }, run: select },
    { name: "large", inputs: { c: bool([300, 70]), t: float([300, 70]), e: float([300, 70]) }, run: select },
    {
      name: "broadcast by tf.where",
      inputs: { c: bool(["n", 1]), t: float(["n", 3]), e: float([], [7]) },
      run: select,
    },
  ],
};

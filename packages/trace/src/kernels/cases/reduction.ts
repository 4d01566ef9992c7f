import * as tf from "@tensorflow/tfjs-core";
import {
  bool,
  type CaseInput,
  type Fill,
  float,
  int,
  type KernelCase,
  type KernelCases,
} from "./kernel-case.ts";

type Axis = number | number[] | undefined;
type Op = (x: tf.Tensor, axis?: Axis, keepDims?: boolean) => tf.Tensor;

const axes: readonly Axis[] = [undefined, 0, 1, 2, -1, [0, 2], [1, 2], [2, 0], [0, 1, 2], []];

/** Every axis, with and without keepDims. */
function alongAxes(op: Op, x: CaseInput): readonly KernelCase[] {
  return axes.flatMap((axis) =>
    [false, true].map((keepDims) => ({
      name: `axis ${axis === undefined ? "none given" : JSON.stringify(axis)}${keepDims ? ", keepDims" : ""}`,
      inputs: { x },
      run: ({ x }) => op(x!, axis, keepDims),
    })),
  );
}

function reduction(op: Op, fill: Fill = { low: -2, high: 2 }): readonly KernelCase[] {
  return [
    ...alongAxes(op, float(["n", 3, 4], fill)),
    { name: "scalar", inputs: { x: float([], fill) }, run: ({ x }) => op(x!) },
    { name: "vector", inputs: { x: float(["n"], fill) }, run: ({ x }) => op(x!) },
    { name: "rank 5", inputs: { x: float([2, 1, "n", 2, 3], fill) }, run: ({ x }) => op(x!, [1, -2]) },
    { name: "size 1", inputs: { x: float([1, 1], fill) }, run: ({ x }) => op(x!, 0) },
    { name: "int32", inputs: { x: int(["n", 3]) }, run: ({ x }) => op(x!, 1) },
    { name: "bool", inputs: { x: bool(["n", 3]) }, run: ({ x }) => op(x!, 1) },
    { name: "nothing left", inputs: { x: float([3, 0, 2]) }, run: ({ x }) => op(x!, 0) },
  ];
}

const large = (op: Op, fill?: Fill): KernelCase => ({
  name: "large",
  inputs: { x: float([300, 70], fill) },
  run: ({ x }) => op(x!, 0),
});

/** Over an axis of no elements. */
const nothing = (op: Op): KernelCase => ({
  name: "of nothing",
  inputs: { x: float([0, 3]) },
  run: ({ x }) => op(x!, 0),
});

const nan = (op: Op): KernelCase => ({
  name: "NaN",
  inputs: { x: float([4, 3], [1, Number.NaN, 2, 5, 4, 3, Number.NaN]) },
  run: ({ x }) => op(x!, 1),
  gradient: { skip: "there is none at NaN" },
});

function logical(op: Op): readonly KernelCase[] {
  return [
    ...alongAxes(op, bool(["n", 2, 2])),
    { name: "scalar", inputs: { x: bool([]) }, run: ({ x }) => op(x!) },
    { name: "rank 5", inputs: { x: bool([2, 1, "n", 2, 1]) }, run: ({ x }) => op(x!, [1, -2]) },
    { name: "all true", inputs: { x: bool(["n", 3], [1]) }, run: ({ x }) => op(x!, 1) },
    { name: "all false", inputs: { x: bool(["n", 3], [0]) }, run: ({ x }) => op(x!, 1) },
    { name: "nothing left", inputs: { x: bool([3, 0]) }, run: ({ x }) => op(x!, 0) },
    { name: "large", inputs: { x: bool([300, 70]) }, run: ({ x }) => op(x!, 0) },
  ];
}

function position(op: (x: tf.Tensor, axis?: number) => tf.Tensor): readonly KernelCase[] {
  return [
    ...[0, 1, 2, -1, -3].map((axis) => ({
      name: `axis ${axis}`,
      inputs: { x: float(["n", 3, 4]) },
      run: ({ x }: Readonly<Record<string, tf.Tensor>>) => op(x!, axis),
    })),
    { name: "vector", inputs: { x: float(["n"]) }, run: ({ x }) => op(x!) },
    { name: "first of equals", inputs: { x: float(["n", 5], [2, 1, 2, 1]) }, run: ({ x }) => op(x!, 1) },
    { name: "int32", inputs: { x: int(["n", 5]) }, run: ({ x }) => op(x!, 1) },
    { name: "bool", inputs: { x: bool(["n", 5]) }, run: ({ x }) => op(x!, 1) },
    { name: "nothing left", inputs: { x: float([3, 0]) }, run: ({ x }) => op(x!, 0) },
    { name: "large", inputs: { x: float([300, 70]) }, run: ({ x }) => op(x!, 0) },
  ];
}

/** Gradients of Prod that there are not. */
function prodGradients(cases: readonly KernelCase[]): readonly KernelCase[] {
  const reasons: Readonly<Record<string, string>> = {
    "axis -1": "tfjs itself fails at a negative axis",
    "rank 5": "tfjs itself fails at a negative axis",
    "axis none given": "it takes a Cumprod over n elements, whose steps follow n",
    "axis [0,1,2]": "it takes a Cumprod over n elements, whose steps follow n",
  };
  return cases.map((kernelCase) => {
    const skip = reasons[kernelCase.name.replace(", keepDims", "")];
    return skip === undefined ? kernelCase : { ...kernelCase, gradient: { skip } };
  });
}

const near1 = { low: 0.5, high: 1.5 };

export const reductionCases: KernelCases = {
  Sum: [...reduction(tf.sum), large(tf.sum, { low: -0.1, high: 0.1 }), nothing(tf.sum), nan(tf.sum)],
  Mean: [...reduction(tf.mean), large(tf.mean), nothing(tf.mean)],
  Prod: [
    ...prodGradients(reduction(tf.prod, near1)),
    large(tf.prod, { low: 0.9, high: 1.1 }),
    { name: "zeros", inputs: { x: float(["n", 4], [0, 2, 3, 0.5, 4]) }, run: ({ x }) => tf.prod(x!, 1) },
    nothing(tf.prod),
  ],
  Max: [...reduction(tf.max), large(tf.max)],
  Min: [...reduction(tf.min), large(tf.min)],
  All: logical(tf.all),
  Any: logical(tf.any),
  ArgMax: position(tf.argMax),
  ArgMin: position(tf.argMin),
};

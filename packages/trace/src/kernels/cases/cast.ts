import * as tf from "@tensorflow/tfjs-core";
import { bool, type CaseInput, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

const dtypes = ["float32", "int32", "bool"] as const;
const make = { float32: float, int32: int, bool };
const values: Record<(typeof dtypes)[number], readonly number[]> = {
  float32: [1.7, -1.7, 0, 0.4, -0.4, 100000.9],
  int32: [3, -3, 0, 1, 70000],
  bool: [1, 0, 0],
};

function castTo(dtype: (typeof dtypes)[number]): KernelCase["run"] {
  return ({ x }) => tf.cast(x!, dtype);
}

const casts = dtypes.flatMap((from) =>
  dtypes.map(
    (to): KernelCase => ({
      name: `${from} to ${to}`,
      inputs: { x: make[from](["n", 3], values[from]) },
      run: castTo(to),
    }),
  ),
);

function clip(x: CaseInput, low: number, high: number, name: string): KernelCase {
  return { name, inputs: { x }, run: ({ x }) => tf.clipByValue(x!, low, high) };
}

const infinity = Number.POSITIVE_INFINITY;

export const castCases: KernelCases = {
  Identity: [
    { name: "float32", inputs: { x: float(["n", 3]) }, run: ({ x }) => tf.clone(x!) },
    { name: "int32 scalar", inputs: { x: int([]) }, run: ({ x }) => tf.clone(x!) },
    { name: "bool, empty", inputs: { x: bool([0, 2]) }, run: ({ x }) => tf.clone(x!) },
    {
      name: "clone of a clone",
      inputs: { x: float([300, 70]) },
      run: ({ x }) => tf.add(tf.clone(tf.clone(x!)), x!),
    },
  ],
  // A cast to the dtype that is there already runs Identity.
  Cast: [
    ...casts.filter(({ name }) => !dtypes.some((dtype) => name === `${dtype} to ${dtype}`)),
    {
      name: "NaN and infinities to int32",
      inputs: { x: float([4], [Number.NaN, infinity, -infinity, 2]) },
      run: castTo("int32"),
    },
    {
      name: "NaN and infinities to bool",
      inputs: { x: float([5], [Number.NaN, infinity, -infinity, 0, -0]) },
      run: castTo("bool"),
    },
    {
      name: "limits of int32",
      inputs: { x: float([4], [2147483520, -2147483648, 2147483000, -0.9]) },
      run: castTo("int32"),
    },
    { name: "scalar", inputs: { x: float([], [-2.5]) }, run: castTo("int32") },
    { name: "empty", inputs: { x: float([0, 3]) }, run: castTo("bool") },
    { name: "large", inputs: { x: float([300, 70], { low: -90, high: 90 }) }, run: castTo("int32") },
    {
      name: "there and back",
      inputs: { x: float(["n", 3]) },
      run: ({ x }) => tf.cast(tf.cast(x!, "bool"), "float32"),
    },
  ],
  ClipByValue: [
    clip(float(["n", 5]), -0.5, 0.7, "float32"),
    clip(float([]), 0, 1, "scalar"),
    clip(float([2, 1, "n", 2, 3]), -1, 1, "rank 5"),
    clip(float([4], [1, -1, Number.NaN, 0]), -infinity, infinity, "no limits"),
    clip(float([4], [infinity, -infinity, 3, 0]), 0, infinity, "one limit"),
    clip(int(["n", 5]), -2, 3, "int32"),
    clip(int(["n", 5]), -1.5, 2.5, "int32 with limits between"),
    clip(int(["n", 5]), -infinity, 1e12, "int32 with limits beyond"),
    clip(float([0, 2]), 0, 1, "empty"),
    clip(float([300, 70]), -0.5, 0.5, "large"),
  ],
};

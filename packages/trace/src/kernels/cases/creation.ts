import * as tf from "@tensorflow/tfjs-core";
import { bool, type CaseInput, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

function like(op: (x: tf.Tensor) => tf.Tensor): readonly KernelCase[] {
  const run: KernelCase["run"] = ({ x }) => op(x!);
  const inputs: Record<string, CaseInput> = {
    "a batch": float(["n", 3]),
    scalar: float([]),
    int32: int(["n", 2]),
    bool: bool(["n"]),
    "rank 5": float([2, 1, "n", 2, "n"]),
    empty: float([0, 3]),
    large: float([300, 70]),
  };
  return Object.entries(inputs).map(([name, x]) => ({ name, inputs: { x }, run }));
}

/** A tensor that hangs on no input, and one whose size does. */
function made(name: string, make: (n: number) => tf.Tensor, sizes?: readonly number[]): KernelCase {
  return {
    name,
    inputs: { x: float(["n"]) },
    run: ({ x }) => make(x!.shape[0] ?? 0),
    gradient: { skip: "it hangs on no input" },
    ...(sizes && { sizes }),
  };
}

function oneHot(
  name: string,
  indices: CaseInput,
  ...given: [number, number?, number?, ("float32" | "int32" | "bool")?]
): KernelCase {
  return { name, inputs: { indices }, run: ({ indices }) => tf.oneHot(indices!, ...given) };
}

export const creationCases: KernelCases = {
  ZerosLike: like(tf.zerosLike),
  OnesLike: like(tf.onesLike),
  Fill: [
    made("fixed", () => tf.fill([2, 3], 0.5)),
    made("scalar", () => tf.fill([], 3, "int32")),
    made("int32, fraction", () => tf.fill([2], 2.7, "int32")),
    made("bool", () => tf.fill([2], 1, "bool")),
    made("symbolic size", (n) => tf.fill([n, 2], 4)),
    made("value of the size", (n) => tf.fill([3], n)),
    made("empty", () => tf.fill([0, 2], 1)),
    made("large", (n) => tf.fill([200, 100, n], -1)),
  ],
  Range: [
    made("fixed", () => tf.range(0, 5)),
    made("int32", () => tf.range(2, 9, 3, "int32")),
    made("down", () => tf.range(5, 0, -2)),
    made("down by a step of 1", () => tf.range(5, 1)),
    made("fractions", () => tf.range(0, 0.3, 0.1)),
    made("fractions to int32", () => tf.range(0.5, 3, 0.75, "int32")),
    made("empty", () => tf.range(4, 4)),
    made("against the step", () => tf.range(1, 4, -1)),
    made("against a large step", () => tf.range(4, 1, 2)),
    made("to the size", (n) => tf.range(0, n)),
    made("to the size, int32", (n) => tf.range(1, n + 1, 1, "int32")),
    made("every other one to the size", (n) => tf.range(0, n, 2, "int32")),
    made("down from the size", (n) => tf.range(n, 0, -1)),
    made("large", () => tf.range(0, 9000, 1, "int32")),
    made("large, fractions", () => tf.range(1, 3000, 0.5)),
  ],
  LinSpace: [
    made("fixed", () => tf.linspace(-1, 2, 7)),
    made("one", () => tf.linspace(3, 9, 1)),
    made("down", () => tf.linspace(2, -2, 5)),
    made("as many as the size", (n) => tf.linspace(0, 1, n)),
    made("to the size", (n) => tf.linspace(0, n, 4)),
    {
      ...made("large", () => tf.linspace(0, 1, 5000)),
      tolerance: { value: 1e-4, why: "tfjs adds up the rounding of 5,000 steps" },
    },
  ],
  OneHot: [
    oneHot("a batch", int(["n", 2], { low: 0, high: 4 }), 4),
    oneHot("vector", int(["n"], { low: 0, high: 3 }), 3),
    oneHot("scalar", int([], [2]), 3),
    oneHot("out of range", int(["n", 3], { low: -4, high: 8 }), 4),
    oneHot("other values", int(["n", 3], { low: -2, high: 5 }), 4, 0.5, -2),
    oneHot("int32", int(["n", 3], { low: 0, high: 4 }), 4, 1, 0, "int32"),
    oneHot("int32, other values", int(["n", 3], { low: 0, high: 4 }), 4, 7, 3, "int32"),
    oneHot("bool", int(["n", 3], { low: 0, high: 4 }), 4, 1, 0, "bool"),
    oneHot("empty", int([0, 2]), 3),
    oneHot("large", int([300], { low: 0, high: 5000 }), 5000),
    {
      name: "depth of a size",
      inputs: { x: float([2, "n"]), indices: int(["n"], { low: 0, high: 3 }) },
      run: ({ x, indices }) => tf.oneHot(indices!, x!.shape[1]!),
      gradient: { skip: "it hangs on no float32 input" },
      sizes: [2, 5],
    },
  ],
};

/** Cases that every function of one number must pass. */
import type * as tf from "@tensorflow/tfjs-core";
import { type Fill, float, int, type KernelCase } from "./kernel-case.ts";

interface Options {
  /** Where the function is defined and smooth. Default `[-2, 2)`. */
  readonly fill?: Fill;
  /** Values at which only the result is compared, besides NaN and the infinities. Default 0, 1, −1. */
  readonly edges?: readonly number[];
  /** Whether tfjs lets int32 into it. Default true. */
  readonly takesInt32?: boolean;
  /** What of NaN and the infinities to leave out. */
  readonly without?: readonly number[];
  readonly tolerance?: NonNullable<KernelCase["tolerance"]>;
  readonly gradient?: NonNullable<KernelCase["gradient"]>;
}

const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

export function oneNumber(op: (x: tf.Tensor) => tf.Tensor, options: Options = {}): readonly KernelCase[] {
  const { fill = { low: -2, high: 2 }, edges = [0, 1, -1], without = [] } = options;
  const { takesInt32 = true, tolerance, gradient } = options;
  const run: KernelCase["run"] = ({ x }) => op(x!);
  const shared = { run, ...(tolerance && { tolerance }), ...(gradient && { gradient }) };
  const tried = [...special.filter((value) => !without.some((left) => Object.is(left, value))), ...edges];
  return [
    { name: "a batch", inputs: { x: float(["n", 3], fill) }, ...shared },
    { name: "scalar", inputs: { x: float([], fill) }, ...shared },
    { name: "rank 5", inputs: { x: float([2, 1, "n", 2, 3], fill) }, ...shared },
    { name: "empty", inputs: { x: float([0, 3]) }, ...shared },
    { name: "large", inputs: { x: float([300, 70], fill) }, ...shared },
    {
      name: "edges",
      inputs: { x: float([tried.length], tried) },
      ...shared,
      gradient: { skip: "the function has none there" },
    },
    ...(takesInt32 ? [{ name: "int32", inputs: { x: int(["n", 7]) }, run }] : []),
  ];
}

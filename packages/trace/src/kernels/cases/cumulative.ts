import * as tf from "@tensorflow/tfjs-core";
import { bool, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Op = (x: tf.Tensor, axis?: number, exclusive?: boolean, reverse?: boolean) => tf.Tensor;

const modes = [
  { name: "plain", exclusive: false, reverse: false },
  { name: "exclusive", exclusive: true, reverse: false },
  { name: "reverse", exclusive: false, reverse: true },
  { name: "exclusive, reverse", exclusive: true, reverse: true },
];

function cumulative(op: Op): readonly KernelCase[] {
  const skip = "tfjs transposes the gradient by the permutation where it needs the inverse";
  return [
    ...modes.flatMap(({ name, exclusive, reverse }): KernelCase[] => [
      ...[0, 1, 2].map((axis) => ({
        name: `axis ${axis}, ${name}`,
        inputs: { x: float(["n", 3, 4]) },
        run: ({ x }: Readonly<Record<string, tf.Tensor>>) => op(x!, axis, exclusive, reverse),
        ...(axis === 2 ? {} : { gradient: { skip } }),
      })),
      { name: `int32, ${name}`, inputs: { x: int([2, "n"]) }, run: ({ x }) => op(x!, 1, exclusive, reverse) },
      { name: `bool, ${name}`, inputs: { x: bool([2, "n"]) }, run: ({ x }) => op(x!, 1, exclusive, reverse) },
      { name: `vector, ${name}`, inputs: { x: float(["n"]) }, run: ({ x }) => op(x!, 0, exclusive, reverse) },
      {
        name: `long, ${name}`,
        inputs: { x: float([2, 300], { low: -1.1, high: 1.1 }) },
        run: ({ x }) => op(x!, 1, exclusive, reverse),
      },
    ]),
    { name: "empty", inputs: { x: float([3, 0]) }, run: ({ x }) => op(x!, 1) },
    { name: "size 1", inputs: { x: float(["n", 1]) }, run: ({ x }) => op(x!, 1) },
    { name: "rank 5", inputs: { x: float([2, 1, "n", 2, 3]) }, run: ({ x }) => op(x!, 4) },
  ];
}

export const cumulativeCases: KernelCases = {
  Cumsum: cumulative(tf.cumsum),
  Cumprod: [
    ...cumulative(tf.cumprod),
    { name: "zeros", inputs: { x: float(["n", 5], [2, 0, 3, -1]) }, run: ({ x }) => tf.cumprod(x!, 1) },
    {
      name: "long, another axis",
      inputs: { x: float([200, 2], { low: 0.9, high: 1.1 }) },
      run: ({ x }) => tf.cumprod(x!, 0),
    },
  ],
};

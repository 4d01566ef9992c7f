import * as tf from "@tensorflow/tfjs-core";
import { bool, type CaseInput, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Pairs = [number, number][];

function padded(name: string, x: CaseInput, paddings: Pairs, value?: number): KernelCase {
  return { name, inputs: { x }, run: (inputs) => tf.pad(inputs.x!, paddings, value) };
}

function mirrored(name: string, x: CaseInput, paddings: Pairs, mode: "reflect" | "symmetric"): KernelCase {
  return {
    name: `${mode}, ${name}`,
    inputs: { x },
    run: (inputs) => tf.mirrorPad(inputs.x!, paddings, mode),
  };
}

const none: [number, number] = [0, 0];

export const padCases: KernelCases = {
  PadV2: [
    padded("vector", float(["n"]), [[1, 2]]),
    { ...padded("rows of n", float(["n", 3]), [[2, 0], none]), sizes: [0, 1, 2, 5] },
    padded("columns, with a number", float(["n", 3]), [none, [1, 2]], -1.5),
    padded("rank 4", float([2, "n", 3, 1]), [none, [1, 1], [0, 2], none], 0.5),
    padded("rank 5", float([2, 1, "n", 1, 2]), [none, [1, 0], [1, 1], none, [0, 2]]),
    padded("nothing", float(["n", 3]), [none, none]),
    {
      name: "to twice n",
      inputs: { x: float(["n", 2]) },
      run: ({ x }) => tf.pad(x!, [[0, x!.shape[0]!], none]),
    },
    padded("int32", int(["n", 2]), [[1, 1], none], 7),
    padded("int32, with a fraction", int(["n", 2]), [[1, 1], none], -7.9),
    padded("bool", bool(["n", 2]), [
      [1, 1],
      [0, 1],
    ]),
    padded("bool, with true", bool(["n", 2]), [[1, 1], none], 1),
    padded("empty", float([0, 2]), [[1, 2], none], 3),
    padded("large", float([200, 60]), [
      [3, 4],
      [5, 6],
    ]),
  ],
  MirrorPad: (["reflect", "symmetric"] as const).flatMap((mode) => [
    mirrored("vector", float([4]), [[2, 3]], mode),
    mirrored("columns of n rows", float(["n", 4]), [none, [1, 2]], mode),
    { ...mirrored("of n", float(["n", 2]), [[1, 1], none], mode), sizes: [2, 5] },
    mirrored("rank 4", float(["n", 3, 4, 2]), [none, [1, 2], [2, 0], [0, 1]], mode),
    mirrored("nothing", float(["n", 3]), [none, none], mode),
    mirrored("int32", int(["n", 3]), [none, [1, 1]], mode),
    mirrored("bool", bool(["n", 3]), [none, [1, 1]], mode),
  ]),
};

import * as tf from "@tensorflow/tfjs-core";
import { type CaseInput, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

type Pairs = [number, number][];
const none: [number, number] = [0, 0];

function toBatch(name: string, x: CaseInput, block: number[], paddings: Pairs): KernelCase {
  return { name, inputs: { x }, run: (inputs) => tf.spaceToBatchND(inputs.x!, block, paddings) };
}

/** `x [n, …]` is repeated for each place of a block, since the batch must be a multiple of it. */
function toSpace(name: string, x: CaseInput, block: number[], crops: Pairs): KernelCase {
  const count = block.reduce((product, size) => product * size, 1);
  return {
    name,
    inputs: { x },
    run: (inputs) =>
      tf.batchToSpaceND(
        tf.concat(Array.from({ length: count }, (_, at) => tf.add(inputs.x!, at))),
        block,
        crops,
      ),
  };
}

function toDepth(name: string, x: CaseInput, block: number): KernelCase {
  return {
    name,
    inputs: { x },
    run: (inputs) => tf.depthToSpace(inputs.x as tf.Tensor4D, block, "NHWC"),
  };
}

export const spaceCases: KernelCases = {
  SpaceToBatchND: [
    toBatch("2 × 2", float(["n", 4, 6, 3]), [2, 2], [none, none]),
    toBatch(
      "2 × 3 with a border",
      float(["n", 3, 4, 2]),
      [2, 3],
      [
        [1, 0],
        [1, 1],
      ],
    ),
    toBatch("one axis", float(["n", 4]), [2], [none]),
    toBatch("one axis of three", float(["n", 4, 3, 2]), [2], [[2, 0]]),
    toBatch("blocks of one", float(["n", 4, 3, 2]), [1, 1], [none, none]),
    {
      name: "2n in height",
      inputs: { x: float([2, "n", 2, 3, 1]) },
      run: ({ x }) => tf.spaceToBatchND(tf.reshape(x!, [2, -1, 3, 1]), [2, 1], [none, none]),
    },
    toBatch("int32", int(["n", 4, 2]), [2, 2], [none, none]),
    toBatch("no batch", float([0, 4, 2]), [2, 2], [none, none]),
  ],
  BatchToSpaceND: [
    toSpace("2 × 2", float(["n", 2, 3, 2]), [2, 2], [none, none]),
    toSpace(
      "2 × 3 cropped",
      float(["n", 2, 3, 1]),
      [2, 3],
      [
        [1, 0],
        [2, 3],
      ],
    ),
    toSpace("one axis", float(["n", 4]), [2], [[0, 1]]),
    toSpace("blocks of one", float(["n", 4, 3, 2]), [1, 1], [none, [1, 0]]),
    toSpace("n in width", float([1, 2, "n", 2]), [2, 2], [none, [1, 1]]),
    toSpace("int32", int(["n", 4, 2]), [2, 2], [none, none]),
  ],
  DepthToSpace: [
    toDepth("block 2", float(["n", 2, 3, 8]), 2),
    toDepth("block 3", float([2, "n", 1, 9]), 3),
    toDepth("n in height and width", float([2, "n", "n", 4]), 2),
    toDepth("block 2, one place", float([1, 1, 1, 4]), 2),
  ],
};

import * as tf from "@tensorflow/tfjs-core";
import { type CaseInput, type Fill, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

function topk(name: string, x: CaseInput, k: number): KernelCase {
  return {
    name,
    inputs: { x },
    run: ({ x }) => {
      const { values, indices } = tf.topk(x!, k);
      return [values, indices];
    },
    gradient: { skip: "tfjs has none for TopK" },
  };
}

/** [batch, 5] sequences and values that fall before, on and after their elements. */
function search(name: string, make: typeof float, side: "left" | "right"): KernelCase {
  const sorted: Fill = [-3, -1, 0, 0, 2];
  return {
    name: `${name}, ${side}`,
    inputs: { sequence: make(["n", 5], sorted), values: make(["n", 4], [-4, -3, 0, 1, 2, 3, -2]) },
    run: ({ sequence, values }) => tf.searchSorted(sequence!, values!, side),
  };
}

const sides = ["left", "right"] as const;

export const orderingCases: KernelCases = {
  TopK: [
    topk("a batch", float(["n", 6]), 3),
    topk("one", float(["n", 6]), 1),
    topk("all", float(["n", 6]), 6),
    topk("vector", float([9]), 4),
    topk("rank 4", float([2, "n", 1, 5]), 2),
    topk("equal values", float(["n", 6], [1, 3, 3, 1, 2]), 4),
    topk("int32", int(["n", 6]), 3),
    topk("large", float([3, 3000]), 50),
    {
      name: "k of a size",
      inputs: { x: float([2, "n"]) },
      run: ({ x }) => tf.topk(x!, x!.shape[1]).values,
      gradient: { skip: "tfjs has none for TopK" },
    },
  ],
  SearchSorted: [
    ...sides.flatMap((side) => [search("float32", float, side), search("int32", int, side)]),
    {
      name: "vectors",
      inputs: { sequence: float([4], [0, 1, 2, 3]), values: float(["n"], { low: -1, high: 5 }) },
      run: ({ sequence, values }) => tf.searchSorted(sequence!, values!),
    },
    {
      name: "lowerBound of a symbolic sequence",
      inputs: { sequence: int([1, "n"], [0]), values: int([1, 3], [-1, 0, 1]) },
      run: ({ sequence, values }) => tf.lowerBound(sequence!, values!),
    },
    {
      name: "upperBound, large",
      inputs: {
        sequence: float(
          [2, 400],
          Array.from({ length: 400 }, (_, at) => at / 10),
        ),
        values: float([2, 300], { low: -3, high: 45 }),
      },
      run: ({ sequence, values }) => tf.upperBound(sequence!, values!),
    },
  ],
};

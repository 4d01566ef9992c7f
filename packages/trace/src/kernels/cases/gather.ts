import * as tf from "@tensorflow/tfjs-core";
import { bool, type CaseInput, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

function gathered(
  name: string,
  x: CaseInput,
  indices: CaseInput,
  axis?: number,
  batchDims?: number,
): KernelCase {
  return {
    name,
    inputs: { x, indices },
    run: (inputs) => tf.gather(inputs.x!, inputs.indices as tf.Tensor1D, axis, batchDims),
  };
}

function gatheredAt(name: string, params: CaseInput, indices: CaseInput): KernelCase {
  return { name, inputs: { params, indices }, run: (inputs) => tf.gatherND(inputs.params!, inputs.indices!) };
}

const upTo = (size: number) => ({ low: 0, high: size });
/** Ours is in gradients/gather.ts, and has tests of its own. */
const noBatch = {
  gradient: { skip: "tfjs's own gradient with batch dims needs its chained ops, and one batch dim" },
};

const gather: readonly KernelCase[] = [
  { ...gathered("rows", float([7, 3]), int(["n"], upTo(7))), sizes: [0, 1, 2, 5] },
  gathered("rows by a matrix", float([7, 3]), int(["n", 4], upTo(7))),
  gathered("one row", float([7, 3]), int([], upTo(7))),
  gathered("of n rows", float(["n", 3]), int([4], [0])),
  gathered("of a vector", float([7]), int(["n"], upTo(7))),
  gathered("columns", float(["n", 5]), int([3], upTo(5)), 1),
  gathered("columns by a matrix", float(["n", 5]), int([3, 2], upTo(5)), -1),
  gathered("axis 1 of rank 4", float([2, 5, "n", 3]), int(["n"], upTo(5)), 1),
  gathered("no rows", float([7, 3]), int([0], upTo(7))),
  gathered("the same rows over and over", float([3, 2]), int(["n", 50], upTo(3))),
  { ...gathered("a batch of vectors", float(["n", 5]), int(["n", 3], upTo(5)), 1, 1), ...noBatch },
  { ...gathered("a batch of rows", float(["n", 5, 2]), int(["n", 3], upTo(5)), 1, 1), ...noBatch },
  { ...gathered("a batch by matrices", float(["n", 5, 2]), int(["n", 3, 2], upTo(5)), 1, 1), ...noBatch },
  {
    ...gathered("a batch along a later axis", float(["n", 2, 5, 3]), int(["n", 4], upTo(5)), 2, 1),
    ...noBatch,
  },
  { ...gathered("two batch dims", float(["n", 2, 5]), int(["n", 2, 3], upTo(5)), 2, 2), ...noBatch },
  { ...gathered("batch dims from the end", float(["n", 5]), int(["n", 3], upTo(5)), 1, -1), ...noBatch },
  gathered("int32", int([7, 3]), int(["n"], upTo(7))),
  gathered("bool", bool([7, 3]), int(["n"], upTo(7))),
  gathered("bool batch", bool(["n", 5]), int(["n", 3], upTo(5)), 1, 1),
  gathered("large", float([400, 16]), int([300], upTo(400))),
];

const gatherNd: readonly KernelCase[] = [
  gatheredAt("rows", float([7, 3]), int(["n", 1], upTo(7))),
  gatheredAt("elements", float([3, 4]), int(["n", 2], upTo(3))),
  gatheredAt("elements by a tensor", float([3, 4]), int(["n", 2, 2], upTo(3))),
  gatheredAt("rows of rank 4", float([2, 3, "n", 2]), int([4, 2], upTo(2))),
  gatheredAt("one element", float([3, 4]), int([2], upTo(3))),
  gatheredAt("int32", int([3, 4]), int(["n", 2], upTo(3))),
  gatheredAt("bool", bool([3, 4]), int(["n", 1], upTo(3))),
  gatheredAt("nothing", float([3, 4]), int([0, 2], upTo(3))),
];

export const gatherCases: KernelCases = { GatherV2: gather, GatherNd: gatherNd };

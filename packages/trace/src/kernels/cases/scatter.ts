import * as tf from "@tensorflow/tfjs-core";
import { bool, type CaseInput, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

const upTo = (size: number) => ({ low: 0, high: size });

function scattered(name: string, indices: CaseInput, updates: CaseInput, shape: number[]): KernelCase {
  return {
    name,
    inputs: { indices, updates },
    run: (inputs) => tf.scatterND(inputs.indices!, inputs.updates!, shape),
  };
}

const scatterNd: readonly KernelCase[] = [
  scattered("rows", int([4, 1], [5, 0, 3, 1]), float([4, 3]), [6, 3]),
  scattered("rows of one place are added", int(["n", 1], upTo(3)), float(["n", 2]), [3, 2]),
  scattered("elements", int(["n", 2], upTo(3)), float(["n"]), [3, 4]),
  scattered("elements by a matrix of places", int(["n", 2, 1], upTo(5)), float(["n", 2]), [5]),
  scattered("places by a vector", int(["n"], upTo(5)), float(["n"]), [5]),
  scattered("rank 4", int(["n", 2], upTo(2)), float(["n", 3, 2]), [2, 2, 3, 2]),
  scattered("int32", int(["n", 1], upTo(4)), int(["n"]), [4]),
  scattered("none", int([0, 1], upTo(4)), float([0, 2]), [4, 2]),
  {
    name: "into n places",
    inputs: { indices: int([3, 1], [0]), updates: float([3]), like: int(["n"]) },
    run: ({ indices, updates, like }) => tf.scatterND(indices!, updates!, [like!.shape[0]!, 1].slice(0, 1)),
  },
];

function updated(name: string, tensor: CaseInput, indices: CaseInput, updates: CaseInput): KernelCase {
  return {
    name,
    inputs: { tensor, indices, updates },
    // A copy, since tfjs-backend-cpu writes into the tensor that it is given.
    run: (inputs) =>
      tf.tensorScatterUpdate(tf.reverse(tf.reverse(inputs.tensor!)), inputs.indices!, inputs.updates!),
  };
}

const tensorScatterUpdate: readonly KernelCase[] = [
  updated("rows", float([6, "n"]), int([3, 1], [5, 0, 3]), float([3, "n"])),
  updated("elements", float([3, 4]), int([3, 2], [0, 1, 2, 2, 1, 3]), float([3])),
  updated("in n rows", float(["n", 2]), int([1, 1], [0]), float([1, 2])),
  updated("a vector", float([5]), int([2], [4, 1]), float([2])),
  updated("int32", int([5, 2]), int([2, 1], [4, 1]), int([2, 2])),
  updated("bool", bool([5, 2]), int([2, 1], [4, 1]), bool([2, 2])),
  updated("none", float([5, 2]), int([0, 1], [0]), float([0, 2])),
];

function dense(
  name: string,
  indices: CaseInput,
  values: CaseInput,
  shape: number[],
  defaultValue?: CaseInput,
): KernelCase {
  return {
    name,
    inputs: { indices, values, ...(defaultValue && { defaultValue }) },
    run: (inputs) =>
      tf.sparseToDense(
        inputs.indices!,
        inputs.values!,
        shape as [number],
        (inputs.defaultValue as tf.Scalar) ?? undefined,
      ),
  };
}

const sparseToDense: readonly KernelCase[] = [
  dense("vector", int([3], [4, 0, 2]), float([3]), [6], float([], [-1])),
  dense("matrix", int([3, 2], [0, 1, 2, 2, 1, 3]), float([3]), [3, 4], float([], [0.5])),
  dense("one value", int([3, 2], [0, 1, 2, 2, 1, 3]), float([]), [3, 4], float([], [0.5])),
  dense("one place", int([], [2]), float([]), [4], float([], [0.5])),
  dense("no default", int([2], [1, 3]), float([2]), [4]),
  dense("int32", int([3], [4, 0, 2]), int([3]), [6], int([], [7])),
  dense("bool", int([3], [4, 0, 2]), bool([3]), [6], bool([], [1])),
  dense("none", int([0], [0]), float([0]), [6], float([], [2])),
];

function segments(name: string, x: CaseInput, ids: CaseInput, count: number): KernelCase {
  return {
    name,
    inputs: { x, ids },
    run: (inputs) => tf.unsortedSegmentSum(inputs.x!, inputs.ids as tf.Tensor1D, count),
  };
}

const unsortedSegmentSum: readonly KernelCase[] = [
  segments("rows", float(["n", 3]), int(["n"], upTo(4)), 4),
  segments("numbers", float(["n"]), int(["n"], upTo(4)), 4),
  segments("rank 4", float(["n", 2, 1, 3]), int(["n"], upTo(2)), 2),
  segments("ids below 0 are left out", float([4, 2]), int([4], [-1, 0, -2, 2]), 3),
  {
    ...segments("ids outside are left out", float([6, 2]), int([6], [-1, 0, 3, 2, 7, 2]), 3),
    gradient: { skip: "tfjs's own gradient fails for ids above" },
  },
  segments("int32 gives float32", int(["n", 2]), int(["n"], upTo(3)), 3),
  segments("one segment", float(["n", 2]), int(["n"], [0]), 1),
  {
    name: "ids that are a constant",
    inputs: { x: float([4, "n"]) },
    run: ({ x }) => tf.unsortedSegmentSum(x!, tf.tensor1d([2, 0, 2, -1], "int32"), 3),
  },
  {
    name: "into n segments",
    inputs: { x: float([4, 2]), ids: int([4], [0]), like: int(["n"]) },
    run: ({ x, ids, like }) => tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, like!.shape[0]!),
  },
  {
    name: "as the gradient of an embedding",
    inputs: { table: float([9, 4]), ids: int(["n", 3], upTo(9)) },
    run: ({ table, ids }) =>
      tf.grad((weights) => tf.sum(tf.square(tf.gather(weights, ids as tf.Tensor1D))))(table!),
    gradient: { skip: "tfjs has no gradient of a gradient of gather" },
  },
  segments("large", float([600, 16], { low: -0.2, high: 0.2 }), int([600], upTo(50)), 50),
];

export const scatterCases: KernelCases = {
  ScatterNd: scatterNd,
  TensorScatterUpdate: tensorScatterUpdate,
  SparseToDense: sparseToDense,
  UnsortedSegmentSum: unsortedSegmentSum,
};

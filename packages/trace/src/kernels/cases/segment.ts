import * as tf from "@tensorflow/tfjs-core";
import { type CaseInput, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

const upTo = (size: number) => ({ low: 0, high: size });
const none = () => tf.tensor1d([]);

function counted(name: string, x: CaseInput, size: number, weights?: CaseInput): KernelCase {
  return {
    name,
    inputs: { x, ...(weights && { weights }) },
    run: (inputs) => tf.bincount(inputs.x as tf.Tensor1D, (inputs.weights as tf.Tensor1D) ?? none(), size),
  };
}

const bincount: readonly KernelCase[] = [
  counted("counts", int(["n"], upTo(4)), 4),
  counted("weights", int(["n"], upTo(4)), 4, float(["n"])),
  counted("int32 weights", int(["n"], upTo(4)), 4, int(["n"])),
  counted("numbers of the size and above are left out", int(["n"], upTo(9)), 5),
  counted("of a matrix", int([2, "n"], upTo(4)), 4, float([2, "n"])),
  counted("nothing", int([0], upTo(4)), 4),
  counted("no bins", int([3], upTo(4)), 0),
];

function denselyCounted(
  name: string,
  x: CaseInput,
  size: number,
  options: { readonly weights?: CaseInput; readonly isBinary?: boolean } = {},
): KernelCase {
  const { weights, isBinary = false } = options;
  return {
    name,
    inputs: { x, ...(weights && { weights }) },
    run: (inputs) =>
      tf.denseBincount(inputs.x as tf.Tensor1D, (inputs.weights as tf.Tensor1D) ?? none(), size, isBinary),
  };
}

const denseBincount: readonly KernelCase[] = [
  denselyCounted("rows", int(["n", 6], upTo(4)), 4),
  denselyCounted("rows with weights", int(["n", 6], upTo(4)), 4, { weights: float(["n", 6]) }),
  denselyCounted("rows, whether there", int(["n", 6], upTo(7)), 4, { isBinary: true }),
  denselyCounted("rows with weights, whether there", int(["n", 6], upTo(4)), 4, {
    weights: float(["n", 6]),
    isBinary: true,
  }),
  denselyCounted("vector", int(["n"], upTo(7)), 5),
  denselyCounted("vector, whether there", int(["n"], upTo(3)), 3, { isBinary: true }),
  denselyCounted("vector with weights", int(["n"], upTo(3)), 3, { weights: int(["n"]) }),
];

type Reduce = (data: tf.Tensor, indices: tf.Tensor1D, ids: tf.Tensor1D) => tf.Tensor;

/** Ids are made in the function: they decide about the shape. */
function segments(op: Reduce): readonly KernelCase[] {
  const over = (name: string, data: CaseInput, ids: number[]): KernelCase => ({
    name,
    inputs: { data, indices: int([ids.length], upTo(5)) },
    run: (inputs) => op(inputs.data!, inputs.indices as tf.Tensor1D, tf.tensor1d(ids, "int32")),
  });
  return [
    over("rows", float([5, 3]), [0, 0, 1, 1, 1]),
    over("n columns", float([5, "n"]), [0, 0, 1]),
    over("rank 3, an empty segment", float([5, 2, "n"]), [0, 2, 2]),
    over("numbers", float([5]), [0, 1, 1, 3]),
    over("int32", int([5, 2]), [0, 0, 0, 1]),
    over("none", float([5, 2]), []),
  ];
}

function reshaped(name: string, from: number[], to: number[], indices: number[]): KernelCase {
  return {
    name,
    inputs: { indices: int([indices.length / from.length, from.length], indices) },
    run: (inputs) => {
      const { outputIndices, outputShape } = tf.sparse.sparseReshape(
        inputs.indices as tf.Tensor2D,
        tf.tensor1d(from, "int32"),
        tf.tensor1d(to, "int32"),
      );
      return [outputIndices!, outputShape!];
    },
  };
}

export const segmentCases: KernelCases = {
  Bincount: bincount,
  DenseBincount: denseBincount,
  SparseSegmentSum: segments(tf.sparse.sparseSegmentSum),
  SparseSegmentMean: segments(tf.sparse.sparseSegmentMean),
  SparseReshape: [
    reshaped("rank 3 to rank 2", [2, 3, 6], [9, -1], [0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 2, 3]),
    reshaped("rank 2 to rank 1", [3, 4], [12], [0, 3, 2, 1]),
    reshaped("rank 1 to rank 3", [12], [2, 2, 3], [0, 11, 7]),
    {
      name: "n places",
      inputs: { indices: int(["n", 2], upTo(3)) },
      run: (inputs) =>
        tf.sparse.sparseReshape(
          inputs.indices as tf.Tensor2D,
          tf.tensor1d([3, 4], "int32"),
          tf.tensor1d([6, 2], "int32"),
        ).outputIndices!,
    },
  ],
};

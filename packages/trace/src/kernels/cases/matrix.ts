import * as tf from "@tensorflow/tfjs-core";
import { bool, type CaseInput, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

function product(
  name: string,
  a: CaseInput,
  b: CaseInput,
  transposeA = false,
  transposeB = false,
): KernelCase {
  return { name, inputs: { a, b }, run: (inputs) => tf.matMul(inputs.a!, inputs.b!, transposeA, transposeB) };
}

/** Sums of many products stay near 1. */
const small = { low: -0.2, high: 0.2 };
const unreduced = {
  gradient: { skip: "tfjs does not sum the gradient over broadcast batch dims, and then refuses it" },
};

const batchMatMul: readonly KernelCase[] = [
  { ...product("matrices", float(["n", 4]), float([4, 3])), sizes: [0, 1, 2, 5] },
  product("aᵀ b", float([4, "n"]), float([4, 3]), true),
  product("a bᵀ", float(["n", 4]), float([3, 4]), false, true),
  product("aᵀ bᵀ", float([4, "n"]), float([3, 4]), true, true),
  product("n is summed over", float(["n", 4]), float(["n", 3]), true),
  product("batches", float(["n", 2, 4]), float(["n", 4, 3])),
  product("batches, aᵀ b", float(["n", 4, 2]), float(["n", 4, 3]), true),
  product("batches, a bᵀ", float(["n", 2, 4]), float(["n", 3, 4]), false, true),
  product("batches, aᵀ bᵀ", float(["n", 4, 2]), float(["n", 3, 4]), true, true),
  product("rank 4", float([2, "n", 3, 4]), float([2, "n", 4, 5])),
  product("rank 4, a bᵀ", float([2, 3, "n", 4]), float([2, 3, "n", 4]), false, true),
  product("rank 5", float([1, 2, "n", 3, 4]), float([1, 2, "n", 4, 2])),
  product("a batch of one", float([1, "n", 4]), float([1, 4, 3])),
  product("a batch of one, aᵀ bᵀ", float([1, 4, "n"]), float([1, 3, 4]), true, true),
  { ...product("batches of one in different ranks", float([1, 1, "n", 4]), float([1, 4, 3])), ...unreduced },
  { ...product("batch × matrix", float(["n", 2, 4]), float([4, 3])), ...unreduced },
  { ...product("batch × matrix, bᵀ", float(["n", 2, 4]), float([3, 4]), false, true), ...unreduced },
  { ...product("matrix × batch", float([2, 4]), float(["n", 4, 3])), ...unreduced },
  { ...product("batch of one × batch", float([1, 2, 4]), float(["n", 4, 3])), ...unreduced },
  product("vectors as matrices", float([1, "n"]), float(["n", 1])),
  product("nothing to sum", float(["n", 0]), float([0, 3])),
  product("nothing to sum, aᵀ", float([0, "n"]), float([0, 3]), true),
  product("an empty batch", float([0, 2, 3]), float([0, 3, 4])),
  product("int32", int(["n", 4]), int([4, 3])),
  product("int32, aᵀ bᵀ", int([4, "n"]), int([3, 4]), true, true),
  product("int32 batches", int([2, "n", 4]), int([2, 4, 3])),
  product("large", float([120, 300], small), float([300, 90], small)),
];

type FusedOptions = Parameters<typeof tf.fused.matMul>[0];

/** `a [n, 4]` and `b [4, 3]` unless inputs of these names are given. */
function fused(
  name: string,
  inputs: KernelCase["inputs"] = {},
  options: Omit<FusedOptions, "a" | "b"> = {},
): KernelCase {
  return {
    name,
    inputs: { a: float(["n", 4]), b: float([4, 3]), ...inputs },
    run: ({ a, b, bias, slope }) =>
      tf.fused.matMul({
        a: a!,
        b: b!,
        ...options,
        ...(bias && { bias }),
        ...(slope && { preluActivationWeights: slope }),
      }),
  };
}

const fusedMatMul: readonly KernelCase[] = [
  fused("no bias"),
  fused("bias", { bias: float([3]) }),
  fused("bias as a row", { bias: float([1, 3]) }),
  fused("bias as a matrix", { bias: float(["n", 3]) }),
  fused("bias as a number", { bias: float([]) }),
  fused("aᵀ b + bias", { a: float([4, "n"]), bias: float([3]) }, { transposeA: true }),
  fused("a bᵀ + bias", { b: float([3, 4]), bias: float([3]) }, { transposeB: true }),
  fused("batches", { a: float(["n", 2, 4]), b: float(["n", 4, 3]), bias: float([3]) }),
  fused("rank 4", { a: float([2, "n", 2, 4]), b: float([2, "n", 4, 3]), bias: float([3]) }),
  ...(["relu", "relu6", "elu", "sigmoid", "leakyrelu"] as const).map((activation) =>
    fused(activation, { bias: float([3]) }, { activation }),
  ),
  fused("leakyrelu 0.05", {}, { activation: "leakyrelu", leakyreluAlpha: 0.05 }),
  fused("prelu", { bias: float([3]), slope: float([3], [0.1, 0.2, -0.3]) }, { activation: "prelu" }),
  fused("prelu, one slope", { slope: float([], [0.1]) }, { activation: "prelu" }),
];

export const matrixCases: KernelCases = {
  BatchMatMul: batchMatMul,
  _FusedMatMul: fusedMatMul,
  Diag: [
    { name: "vector", inputs: { x: float(["n"]) }, run: ({ x }) => tf.diag(x!) },
    { name: "matrix", inputs: { x: float([2, "n"]) }, run: ({ x }) => tf.diag(x!) },
    { name: "rank 3", inputs: { x: float([2, 1, 3]) }, run: ({ x }) => tf.diag(x!) },
    {
      name: "not a number stays where it is",
      inputs: { x: float([3], [1, Number.NaN, 2]) },
      run: ({ x }) => tf.diag(x!),
    },
    { name: "int32", inputs: { x: int(["n"]) }, run: ({ x }) => tf.diag(x!) },
    { name: "bool", inputs: { x: bool(["n"]) }, run: ({ x }) => tf.diag(x!) },
  ],
};

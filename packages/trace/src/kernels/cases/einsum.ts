import * as tf from "@tensorflow/tfjs-core";
import { type CaseInput, float, int, type KernelCase, type KernelCases } from "./kernel-case.ts";

function einsum(equation: string, ...inputs: CaseInput[]): KernelCase {
  return {
    name: equation,
    inputs: Object.fromEntries(inputs.map((input, at) => [`x${at}`, input])),
    run: (tensors) => tf.einsum(equation, ...inputs.map((_, at) => tensors[`x${at}`]!)),
  };
}

export const einsumCases: KernelCases = {
  Einsum: [
    einsum("ij,jk->ik", float(["n", 4]), float([4, 3])),
    einsum("ij,jk->ki", float(["n", 4]), float([4, 3])),
    einsum("ji,jk->ik", float([4, "n"]), float([4, 3])),
    einsum("ij,kj->ik", float(["n", 4]), float([3, 4])),
    einsum("abc,cd->abd", float(["n", 2, 4]), float([4, 3])),
    einsum("abc,cde->abde", float(["n", 2, 4]), float([4, 3, 2])),
    einsum("abcd,cde->abe", float(["n", 2, 3, 2]), float([3, 2, 4])),
    einsum("aecd,abcd->acbe", float(["n", 3, 2, 4]), float(["n", 5, 2, 4])),
    einsum("acbe,aecd->abcd", float(["n", 2, 5, 3]), float(["n", 3, 2, 4])),
    einsum("bij,bjk->bik", float(["n", 2, 4]), float(["n", 4, 3])),
    einsum("i,j->ij", float(["n"]), float([3])),
    einsum("i,i->", float(["n"]), float(["n"])),
    einsum("ij,ij->i", float(["n", 3]), float(["n", 3])),
    einsum("ij,ij->ij", float(["n", 3]), float(["n", 3])),
    einsum("ij,j->i", float(["n", 3]), float([3])),
    einsum("ij->ji", float(["n", 3])),
    einsum("ij->i", float(["n", 3])),
    einsum("ij->", float(["n", 3])),
    einsum("bij->bji", float([2, "n", 3])),
    einsum("ij, jk -> ik", float(["n", 4]), float([4, 3])),
    { ...einsum("ij,jk->ik", int(["n", 4]), int([4, 3])), name: "int32" },
    { ...einsum("ij,jk->ik", float([40, 60]), float([60, 30])), name: "large" },
  ],
};

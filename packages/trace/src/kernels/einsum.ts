/**
 * Sums of products along named axes, as products of matrices. ONNX Runtime's Einsum does the same inside, but with
 * more copies, and nothing around it can be joined with it.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { defineKernel, type Kernel, numbers } from "./define.ts";
import { permute } from "./permute.ts";
import { multiply, productOps } from "./product.ts";

/** A value and the letters of its axes. */
interface Operand {
  readonly value: TracedValue;
  readonly term: string;
}

function filterLetters(term: string, isKept: (letter: string) => boolean): string {
  return [...term].filter(isKept).join("");
}

/** Sums over the axes that are not kept. */
function sumAway(graph: KernelGraph, { value, term }: Operand, isKept: (letter: string) => boolean): Operand {
  const axes = [...term].flatMap((letter, axis) => (isKept(letter) ? [] : [axis]));
  if (axes.length === 0) return { value, term };
  return {
    value: graph.node("ReduceSum", [value, graph.ints(axes)], { keepdims: 0 }),
    term: filterLetters(term, isKept),
  };
}

function reorder(graph: KernelGraph, { value, term }: Operand, wanted: string): TracedValue {
  return permute(
    graph,
    value,
    [...wanted].map((letter) => term.indexOf(letter)),
  );
}

/** With the axes of `wanted` in its order; those that the operand lacks have size 1. */
function align(graph: KernelGraph, operand: Operand, wanted: string): TracedValue {
  const { value, term } = operand;
  const sizes = new Map([...term].map((letter, axis) => [letter, value.dims[axis] ?? 1]));
  const ordered = reorder(
    graph,
    operand,
    filterLetters(wanted, (letter) => term.includes(letter)),
  );
  return graph.reshape(
    ordered,
    [...wanted].map((letter) => sizes.get(letter) ?? 1),
  );
}

/** `[batch..., outer, inner]` of an operand, each of the last two one axis, or the last two the other way round. */
function toMatrices(graph: KernelGraph, operand: Operand, groups: readonly [string, string, string]) {
  const { value, term } = operand;
  const [batch, outer, inner] = groups;
  const isSwapped = term !== batch + outer + inner && term === batch + inner + outer;
  const ordered = isSwapped ? value : reorder(graph, operand, batch + outer + inner);
  const sizes = [...batch].map((_, axis) => ordered.dims[axis] ?? 1);
  const first = isSwapped ? inner.length : outer.length;
  const [rows, columns] = [
    ordered.dims.slice(batch.length, batch.length + first),
    ordered.dims.slice(batch.length + first),
  ];
  const size = tf.util.sizeFromShape;
  return { matrices: graph.reshape(ordered, [...sizes, size(rows), size(columns)]), isSwapped };
}

function contract(graph: KernelGraph, first: Operand, second: Operand, output: string): TracedValue {
  const a = sumAway(graph, first, (letter) => second.term.includes(letter) || output.includes(letter));
  const b = sumAway(graph, second, (letter) => first.term.includes(letter) || output.includes(letter));
  const isShared = (letter: string) => a.term.includes(letter) && b.term.includes(letter);
  const summed = filterLetters(a.term, (letter) => isShared(letter) && !output.includes(letter));
  const batch = filterLetters(output, isShared);
  const free = filterLetters(output, (letter) => !isShared(letter));
  if (summed === "" || free === "") {
    const axes = output + summed;
    const product = graph.node("Mul", [align(graph, a, axes), align(graph, b, axes)]);
    return sumAway(graph, { value: product, term: axes }, (letter) => output.includes(letter)).value;
  }
  // The factor whose axes come first in the output is the left one.
  const [left, right] = a.term.includes(free[0] ?? "") ? [a, b] : [b, a];
  const rows = filterLetters(free, (letter) => left.term.includes(letter));
  const columns = filterLetters(free, (letter) => right.term.includes(letter));
  const { matrices: x, isSwapped: transposeA } = toMatrices(graph, left, [batch, rows, summed]);
  const { matrices: y, isSwapped: transposeB } = toMatrices(graph, right, [batch, summed, columns]);
  const product = multiply(graph, [x, y], { transposeA, transposeB });
  const sizes = new Map(
    [left, right].flatMap(({ term, value }) =>
      [...term].map((letter, axis) => [letter, value.dims[axis] ?? 1]),
    ),
  );
  const term = batch + rows + columns;
  const value = graph.reshape(
    product,
    [...term].map((letter) => sizes.get(letter) ?? 1),
  );
  return reorder(graph, { value, term }, output);
}

export const einsumKernels: readonly Kernel[] = [
  defineKernel<Record<string, tf.TensorInfo>, { equation: string }>({
    kernel: "Einsum",
    emits: [...productOps, "Mul", "ReduceSum"],
    dtypes: numbers,
    shapes: "one or two tensors → the axes right of the arrow",
    trace({ inputs, attrs: { equation }, graph }) {
      const [left = "", output = ""] = equation.replaceAll(/\s/g, "").split("->");
      const terms = left.split(",");
      const [first, second] = Object.values<TracedValue>(inputs).map(
        (value, at): Operand => ({ value, term: terms[at] ?? "" }),
      ) as [Operand, ...Operand[]];
      if (second !== undefined) return contract(graph, first, second, output);
      return reorder(
        graph,
        sumAway(graph, first, (letter) => output.includes(letter)),
        output,
      );
    },
  }),
];

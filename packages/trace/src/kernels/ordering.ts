/** The largest, the sorted, the place of a value among others. */
import type * as tf from "@tensorflow/tfjs-core";
import { defineKernel, type Kernel, numbers } from "./define.ts";

type Search = { sortedSequence: tf.TensorInfo; values: tf.TensorInfo };

export const orderingKernels: readonly Kernel[] = [
  defineKernel<{ x: tf.TensorInfo }, { k: number; sorted: boolean }>({
    kernel: "TopK",
    emits: ["TopK", "Cast"],
    dtypes: numbers,
    shapes: "[..., n] → [..., k] twice, the second int32",
    note: "Always sorted; of equal values the first comes first.",
    trace({ inputs: { x }, attrs: { k }, graph }) {
      if (x.dims.includes(0)) graph.refuse("an empty tensor ends ONNX Runtime; leave it out");
      const [values, places] = graph.nodes("TopK", [x, graph.ints([k])], 2);
      if (values === undefined || places === undefined) return [];
      return [values, graph.cast(places, "int32")];
    },
  }),
  defineKernel<Search, { side: "left" | "right" }>({
    kernel: "SearchSorted",
    emits: ["Unsqueeze", "Less", "LessOrEqual", "Cast", "ReduceSum"],
    dtypes: numbers,
    shapes: "[batch, n], [batch, m] → [batch, m]; int32",
    note: "Compares each value with the whole sequence: n · m steps.",
    trace({ inputs: { sortedSequence, values }, attrs: { side }, graph }) {
      const sequence = graph.node("Unsqueeze", [sortedSequence, graph.ints([1])]);
      const wanted = graph.node("Unsqueeze", [values, graph.ints([2])]);
      const isBefore = graph.node(side === "left" ? "Less" : "LessOrEqual", [sequence, wanted]);
      return graph.node("ReduceSum", [graph.cast(isBefore, "int32"), graph.ints([2])], { keepdims: 0 });
    },
  }),
];

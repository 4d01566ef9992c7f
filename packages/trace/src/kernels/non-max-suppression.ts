/** Choice of boxes that overlap little. */
import { float32Tensor, int64Tensor } from "@attune/onnx";
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { TracedValue } from "../recorder/traced-value.ts";
import { defineKernel, floats, type Kernel } from "./define.ts";

/** The next smaller float32 of a number above 0. */
function justBelow(value: number): number {
  const float = Float32Array.of(value);
  const bits = new Uint32Array(float.buffer);
  bits[0] = (bits[0] ?? 1) - 1;
  return float[0] ?? 0;
}

/** Positions of the chosen boxes, best first: int64, as many as there are. */
function chosen(
  graph: KernelGraph,
  { boxes, scores }: { readonly boxes: TracedValue; readonly scores: TracedValue },
  { maxOutputSize, iouThreshold, scoreThreshold }: tf.NonMaxSuppressionV4Attrs,
): TracedValue {
  const count = scores.dims[0] ?? 0;
  const rows = graph.node("NonMaxSuppression", [
    graph.reshape(boxes, [1, count, 4]),
    graph.reshape(scores, [1, 1, count]),
    graph.ints([maxOutputSize]),
    // tfjs drops a box that overlaps by the threshold, ONNX one that overlaps by more.
    graph.constant(float32Tensor([justBelow(iouThreshold)], [1])),
    scoreThreshold === Number.NEGATIVE_INFINITY
      ? undefined
      : graph.constant(float32Tensor([scoreThreshold], [1])),
  ]);
  return graph.node("Gather", [rows, graph.scalar(2, "int64")], { axis: 1 });
}

const nonMaxSuppressionPadded = defineKernel<tf.NonMaxSuppressionV4Inputs, tf.NonMaxSuppressionV4Attrs>({
  kernel: "NonMaxSuppressionV4",
  emits: ["Reshape", "NonMaxSuppression", "Gather", "Shape", "Cast", "Concat", "Slice"],
  dtypes: floats,
  shapes: "boxes [n, 4], scores [n] → [maxOutputSize], []: int32",
  note: "With padToMaxOutputSize alone, and for no fewer boxes than maxOutputSize.",
  trace({ inputs, attrs, graph }) {
    if (!attrs.padToMaxOutputSize) {
      graph.refuse("the size of its result hangs on the values; call it with padToMaxOutputSize");
    }
    if (attrs.iouThreshold <= 0) graph.refuse("iouThreshold must be above 0; with 0 tfjs keeps one box only");
    const indices = chosen(graph, inputs, attrs);
    const zeros = graph.constant(int64Tensor(new Array<bigint>(attrs.maxOutputSize).fill(0n)));
    const longer = graph.node("Concat", [indices, zeros], { axis: 0 });
    const first = graph.node("Slice", [longer, graph.ints([0]), graph.ints([attrs.maxOutputSize])]);
    const padded = graph.node("Reshape", [first, graph.ints([attrs.maxOutputSize])]);
    const count = graph.node("Reshape", [graph.node("Shape", [indices]), graph.ints([])]);
    return [graph.cast(padded, "int32"), graph.cast(count, "int32")];
  },
});

export const nonMaxSuppressionKernels: readonly Kernel[] = [nonMaxSuppressionPadded];

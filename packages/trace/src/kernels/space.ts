/** Blocks of space moved into the batch or the channels, and back. */
import * as tf from "@tensorflow/tfjs-core";
import { anyDtype, defineKernel, floats, type Kernel } from "./define.ts";
import { padAxes } from "./pad-axes.ts";
import { type Range, sliceAxes, toEnd, wholeAxis } from "./slice-axes.ts";

type Unary = { x: tf.TensorInfo };
type Pairs = [number, number][];

export const spaceKernels: readonly Kernel[] = [
  defineKernel<Unary, { blockShape: number[]; paddings: Pairs }>({
    kernel: "SpaceToBatchND",
    emits: ["Pad", "Reshape", "Transpose"],
    dtypes: anyDtype,
    shapes: "[batch, space..., rest...] → [batch · blocks, space / block..., rest...]",
    trace({ inputs: { x }, attrs: { blockShape, paddings }, graph }) {
      const count = tf.util.sizeFromShape(blockShape);
      const around = x.dims.map((_, axis): [number, number] => paddings[axis - 1] ?? [0, 0]);
      const padded = padAxes(graph, x, around);
      const dims = [...padded.dims];
      const cut = graph.reshape(padded, tf.backend_util.getReshaped(dims, blockShape, count, false));
      const order = tf.backend_util.getPermuted(cut.dims.length, blockShape.length, false);
      return graph.reshape(
        graph.transpose(cut, order),
        tf.backend_util.getReshapedPermuted(dims, blockShape, count, false),
      );
    },
  }),
  defineKernel<Unary, { blockShape: number[]; crops: Pairs }>({
    kernel: "BatchToSpaceND",
    emits: ["Reshape", "Transpose", "Slice"],
    dtypes: anyDtype,
    shapes: "[batch · blocks, space..., rest...] → [batch, space · block..., rest...]",
    trace({ inputs: { x }, attrs: { blockShape, crops }, graph }) {
      const count = tf.util.sizeFromShape(blockShape);
      const dims = [...x.dims];
      const cut = graph.reshape(x, tf.backend_util.getReshaped(dims, blockShape, count));
      const order = tf.backend_util.getPermuted(cut.dims.length, blockShape.length);
      const joined = graph.reshape(
        graph.transpose(cut, order),
        tf.backend_util.getReshapedPermuted(dims, blockShape, count),
      );
      const ranges = joined.dims.map((_, axis): Range => {
        const [before, after] = crops[axis - 1] ?? [0, 0];
        return before === 0 && after === 0
          ? wholeAxis
          : { start: before, end: after === 0 ? toEnd : -after, step: 1 };
      });
      return sliceAxes(graph, joined, ranges);
    },
  }),
  defineKernel<Unary, { blockSize: number; dataFormat: string }>({
    kernel: "DepthToSpace",
    emits: ["Reshape", "Transpose"],
    dtypes: floats,
    shapes: "[batch, height, width, depth · block²] → [batch, height · block, width · block, depth]",
    trace({ inputs: { x }, attrs: { blockSize, dataFormat }, graph }) {
      if (dataFormat !== "NHWC") graph.refuse(`data format ${dataFormat} is not supported; use NHWC`);
      const [batch = 1, height = 1, width = 1, channels = 1] = x.dims;
      const depth = channels / (blockSize * blockSize);
      const cut = graph.reshape(x, [batch, height, width, blockSize, blockSize, depth]);
      const order = graph.transpose(cut, [0, 1, 3, 2, 4, 5]);
      return graph.reshape(order, [batch, height * blockSize, width * blockSize, depth]);
    },
  }),
];

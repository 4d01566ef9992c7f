/** Gradient of gather with batch dims: each row of dy is added where it was taken from. */
import * as tf from "@tensorflow/tfjs-core";

/** tfjs has one for a single batch dim, which works row by row; without batch dims its own is used. */
export const gatherGradient: tf.GradConfig = {
  kernelName: "GatherV2",
  inputsToSave: ["x", "indices"],
  gradFunc(dy, saved, attrs) {
    const [x, indices] = saved as [tf.Tensor, tf.Tensor];
    const axis = tf.util.parseAxisParam(attrs.axis as number, x.shape)[0] as number;
    const given = (attrs.batchDims ?? 0) as number;
    const batch = given < 0 ? given + indices.rank : given;
    return {
      x: () =>
        batch === 0
          ? sumRows(dy as tf.Tensor, indices, x.shape, axis)
          : sumBatchRows(dy as tf.Tensor, indices, x.shape, { axis, batch }),
      indices: () => tf.zerosLike(indices),
    };
  },
};

const size = tf.util.sizeFromShape;

function sumRows(dy: tf.Tensor, indices: tf.Tensor, shape: number[], axis: number): tf.Tensor {
  const [outer, inner] = [shape.slice(0, axis), shape.slice(axis + 1)];
  const ids = tf.reshape(indices, [indices.size]) as tf.Tensor1D;
  const count = shape[axis] ?? 0;
  if (axis === 0) return tf.unsortedSegmentSum(tf.reshape(dy, [indices.size, ...inner]), ids, count);
  const rows = tf.reshape(dy, [size(outer), indices.size, size(inner)]);
  const sums = tf.unsortedSegmentSum(tf.transpose(rows, [1, 0, 2]), ids, count);
  return tf.reshape(tf.transpose(sums, [1, 0, 2]), shape);
}

function sumBatchRows(
  dy: tf.Tensor,
  indices: tf.Tensor,
  shape: number[],
  { axis, batch }: { readonly axis: number; readonly batch: number },
): tf.Tensor {
  const batches = size(shape.slice(0, batch));
  const outer = size(shape.slice(batch, axis));
  const count = shape[axis] ?? 0;
  const inner = size(shape.slice(axis + 1));
  const rowsOfBatch = size(indices.shape.slice(batch));
  const rows = tf.transpose(tf.reshape(dy, [batches, outer, rowsOfBatch, inner]), [0, 2, 1, 3]);
  // Rows of all batches in one table: those of batch b begin at b · count.
  const first = tf.mul(tf.range(0, batches, 1, "int32"), tf.scalar(count, "int32"));
  const places = tf.add(tf.reshape(indices, [batches, rowsOfBatch]), tf.expandDims(first, 1));
  const sums = tf.scatterND(
    tf.reshape(places, [batches * rowsOfBatch, 1]),
    tf.reshape(rows, [batches * rowsOfBatch, outer * inner]),
    [batches * count, outer * inner],
  );
  return tf.reshape(tf.transpose(tf.reshape(sums, [batches, count, outer, inner]), [0, 2, 1, 3]), shape);
}

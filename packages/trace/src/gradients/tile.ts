/** Gradient of tile and broadcastTo: the tiles, summed. */
import * as tf from "@tensorflow/tfjs-core";

/** tfjs cuts dy into its tiles one by one, up to rank 4. */
export const tileGradient: tf.GradConfig = {
  kernelName: "Tile",
  inputsToSave: ["x"],
  gradFunc(dy, [x], attrs) {
    const shape = (x as tf.Tensor).shape;
    return { x: () => sumTiles(dy as tf.Tensor, shape, attrs.reps as number[]) };
  },
};

function sumTiles(dy: tf.Tensor, shape: readonly number[], reps: readonly number[]): tf.Tensor {
  const tiled = reps.flatMap((count, axis) => (count === 1 ? [] : [axis]));
  if (tiled.every((axis) => shape[axis] === 1)) return tf.sum(dy, tiled, true);
  // Each tiled axis becomes two: which tile, and where in it.
  const axes: number[] = [];
  const split = shape.flatMap((dim, axis) => {
    const count = reps[axis] ?? 1;
    if (count === 1) return [dim];
    axes.push(axis + axes.length);
    return [count, dim];
  });
  return tf.sum(tf.reshape(dy, split), axes);
}

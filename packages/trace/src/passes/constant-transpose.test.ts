import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { checkForward } from "../fixtures/run-case.ts";
import { float } from "../kernels/cases/kernel-case.ts";
import { traceFunction } from "../trace-function.ts";

/** Numbers of which each differs, so that none can stand in another's place. */
function filter(dims: readonly number[]): tf.Tensor {
  const count = dims.reduce((product, size) => product * size, 1);
  return tf.tensor(
    Float32Array.from({ length: count }, (_, at) => Math.sin(at)),
    [...dims],
  );
}

const convolutions = (x: tf.Tensor, first: tf.Tensor, depthwise: tf.Tensor) =>
  tf.depthwiseConv2d(
    tf.conv2d(x as tf.Tensor4D, first as tf.Tensor4D, 1, "same"),
    depthwise as tf.Tensor4D,
    1,
    "valid",
  );

function countTransposes(run: (x: tf.Tensor) => tf.Tensor): number {
  const signature = { x: { dtype: "float32", dims: ["n", 5, 4, 2] } } as const;
  const { nodes } = traceFunction(({ x }) => run(x!), signature).graph;
  return nodes.filter(({ op }) => op === "Transpose").length;
}

test("filters are stored as Conv reads them; the images' order changes at the ends only", async () => {
  const [first, depthwise] = [filter([3, 2, 2, 3]), filter([2, 3, 3, 2])];
  expect(countTransposes((x) => convolutions(x, first, depthwise))).toBe(2);
  await checkForward({
    name: "two convolutions",
    inputs: { x: float(["n", 5, 4, 2]) },
    run: ({ x }) => convolutions(x!, first, depthwise),
  });
});

test("a filter that is used as it is too is stored once", () => {
  const weights = filter([3, 2, 2, 3]);
  const run = (x: tf.Tensor) =>
    tf.add(
      tf.conv2d(x as tf.Tensor4D, weights as tf.Tensor4D, 1, "same"),
      tf.sum(tf.mul(tf.sum(x), weights)),
    );
  const { initializers } = traceFunction(({ x }) => run(x!), {
    x: { dtype: "float32", dims: ["n", 5, 4, 2] },
  }).graph;
  const stored = [...initializers.values()].filter(({ data }) => data.length === weights.size);
  expect(stored).toHaveLength(1);
});

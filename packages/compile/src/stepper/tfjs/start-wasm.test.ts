import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, test } from "vitest";
import { startWasm } from "./start-wasm.ts";

beforeAll(async () => {
  expect(await startWasm()).toBeUndefined();
});

const a = (dims: number[]) => tf.randomNormal(dims, 0, 1, "float32", 1);
const b = (dims: number[]) => tf.randomNormal(dims, 0, 1, "float32", 2);

/** What the backend lacks, or does slowly: computed in another way, with the same numbers. */
const computations: Readonly<Record<string, () => tf.Tensor>> = {
  "a · b": () => tf.matMul(a([3, 4]), b([4, 5])),
  "aᵀ · b": () => tf.matMul(a([4, 3]), b([4, 5]), true),
  "a · bᵀ": () => tf.matMul(a([3, 4]), b([5, 4]), false, true),
  "aᵀ · bᵀ in batches": () => tf.matMul(a([2, 4, 3]), b([2, 5, 4]), true, true),
  "aᵀ · b with bias and relu": () =>
    tf.fused.matMul({
      a: a([4, 3]) as tf.Tensor2D,
      b: b([4, 5]) as tf.Tensor2D,
      transposeA: true,
      bias: a([5]),
      activation: "relu",
    }),
  "a row times a column": () => tf.matMul(a([1, 4]), b([1, 4]), false, true),
  einsum: () => tf.einsum("ij,kj->ik", a([3, 4]), b([5, 4])),
  "gradient of a gather": () =>
    tf.grad((table) => tf.sum(tf.square(tf.gather(table, tf.tensor1d([1, 0, 1], "int32")))))(a([3, 2])),
  "gradient of a convolution's filter": () =>
    tf.grad((filter) =>
      tf.sum(tf.square(tf.conv2d(a([2, 5, 5, 2]) as tf.Tensor4D, filter as tf.Tensor4D, 1, "same"))),
    )(b([3, 3, 2, 4])),
  "gradients of a depthwise convolution": () =>
    tf.concat(
      tf
        .grads((x, filter) =>
          tf.sum(tf.square(tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "valid"))),
        )([a([1, 4, 4, 2]), b([2, 2, 2, 1])])
        .map((gradient) => tf.reshape(gradient, [-1])),
    ),
};

describe("on wasm as on cpu", () => {
  test.each(Object.keys(computations))("%s", async (name) => {
    const compute = computations[name]!;
    const results: tf.TypedArray[] = [];
    for (const backend of ["cpu", "wasm"]) {
      await tf.setBackend(backend);
      const before = { ...tf.memory() };
      const result = tf.tidy(compute);
      results.push(result.dataSync());
      result.dispose();
      expect(tf.memory().numTensors).toBe(before.numTensors);
      expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    }
    const [expected, actual] = results as [tf.TypedArray, tf.TypedArray];
    expect(actual).toHaveLength(expected.length);
    // float32 sums in another order, of terms up to the size of the largest result.
    const limit = 1e-6 * Math.max(...expected.map(Math.abs));
    for (const [at, value] of expected.entries()) expect(Math.abs(actual[at]! - value)).toBeLessThan(limit);
  });
});

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { describe, expect, test } from "vitest";
import { comparePasses, type PassCase, rewriteCase } from "../fixtures/compare-passes.ts";
import { checkForward, checkGradient } from "../fixtures/run-case.ts";
import { listNodes } from "../graph/graph.ts";
import { float } from "../kernels/cases/kernel-case.ts";
import { traceLayersModel } from "../models/trace-layers-model.ts";

type Normalize = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => tf.Tensor;

const inputs = { x: float(["n", 5, 8]), gamma: float([8]), beta: float([8]) };

function byHand(x: tf.Tensor, epsilon = 1e-3, axis: number | number[] = -1): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, axis, true));
  return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), axis, true), epsilon)));
}

const affine = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => tf.add(tf.mul(x, gamma), beta);

/** As tf.layers.layerNormalization computes it. */
function byLayer(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  const overRow = (moment: tf.Tensor) => tf.tile(moment, [1, 1, 8]) as tf.Tensor3D;
  const overRows = (vector: tf.Tensor) => tf.tile(tf.reshape(vector, [1, 1, 8]), [...x.shape.slice(0, 2), 1]);
  const [shift, scale] = [overRows(beta), overRows(gamma)] as [tf.Tensor3D, tf.Tensor3D];
  return tf.batchNorm(x as tf.Tensor3D, overRow(mean), overRow(variance), shift, scale, 1e-3);
}

const forms: readonly [string, Normalize][] = [
  ["by hand", (x, gamma, beta) => affine(byHand(x), gamma, beta)],
  [
    "moments without their axis",
    (x, gamma, beta) => {
      const { mean, variance } = tf.moments(x, -1);
      const [shift, spread] = [tf.expandDims(mean, -1), tf.expandDims(variance, -1)];
      return affine(tf.div(tf.sub(x, shift), tf.sqrt(tf.add(spread, 1e-3))), gamma, beta);
    },
  ],
  [
    "a factor for both",
    (x, gamma, beta) => {
      const { mean, variance } = tf.moments(x, -1, true);
      const factor = tf.mul(tf.rsqrt(tf.add(variance, 1e-3)), gamma);
      return tf.add(beta, tf.mul(tf.sub(x, mean), factor));
    },
  ],
  ["the layer", byLayer],
];

describe.each(forms)("%s", (_, normalize) => {
  const run: PassCase["run"] = ({ x, gamma, beta }) => normalize(x!, gamma!, beta!);

  test("is one op, with the numbers of tfjs", async () => {
    expect(rewriteCase({ inputs, run }).after.ops).toEqual({ LayerNormalization: 1 });
    await checkForward({ name: "case", inputs, run: (given) => run(given) as tf.Tensor });
    await checkForward({
      name: "far from 0",
      inputs: { ...inputs, x: float(["n", 5, 8], { low: 90, high: 110 }) },
      run: (given) => run(given) as tf.Tensor,
      tolerance: { value: 1e-4, why: "a mean of 100 has five digits behind the point" },
    });
  });

  test("has its gradient, which takes the moments from the op", async () => {
    await checkGradient({
      name: "case",
      inputs,
      run: (given) => run(given) as tf.Tensor,
      tolerance: { value: 5e-5, why: "sums in another order" },
    });
    const loss = (given: tf.Tensor[]) => tf.sum(tf.square(normalize(given[0]!, given[1]!, given[2]!)));
    const { after } = rewriteCase({
      inputs,
      run: ({ x, gamma, beta }) => {
        const [dx, dGamma, dBeta] = tf.grads((...given) => loss(given))([x!, gamma!, beta!]);
        return { dx: dx!, dGamma: dGamma!, dBeta: dBeta! };
      },
    });
    expect(after.ops.LayerNormalization).toBe(1);
    for (const op of ["ReduceMean", "ReduceSum", "Sqrt", "Reciprocal", "Div", "Tile", "Pow"]) {
      expect([op, after.ops[op]]).toEqual([op, undefined]);
    }
  });
});

test.each<[string, Normalize]>([
  ["no scale, no offset", (x) => byHand(x)],
  ["a scale alone", (x, gamma) => tf.mul(gamma, byHand(x))],
  ["an offset alone", (x, _, beta) => tf.add(byHand(x), beta)],
  [
    "a squared difference",
    (x) => {
      const mean = tf.mean(x, 2, true);
      const variance = tf.mean(tf.squaredDifference(x, mean), 2, true);
      return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(1e-3, variance)));
    },
  ],
])("%s", async (_, normalize) => {
  const { after } = await comparePasses({
    inputs,
    run: ({ x, gamma, beta }) => normalize(x!, gamma!, beta!),
  });
  expect(after.LayerNormalization).toBe(1);
  expect([after.ReduceMean, after.Mul, after.Add]).toEqual([undefined, undefined, undefined]);
});

test("several in a row, each on what the one before gave", async () => {
  const { after } = await comparePasses({
    inputs,
    run: ({ x, gamma, beta }) => {
      const first = affine(byHand(x!), gamma!, beta!);
      return affine(byHand(tf.add(x!, tf.tanh(first)), 1e-5), gamma!, beta!);
    },
  });
  expect(after).toEqual({ LayerNormalization: 2, Tanh: 1, Add: 1 });
});

test("tf.layers.layerNormalization of a model, for any batch", () => {
  const model = sequential({ layers: [layers.layerNormalization({ inputShape: [5, 8] })] });
  const { nodes } = traceLayersModel(model).graph;
  expect(nodes.map(({ op, outputs }) => [op, outputs.length])).toEqual([["LayerNormalization", 1]]);
});

test("no rows", async () => {
  await comparePasses({ inputs, run: ({ x, gamma, beta }) => affine(byHand(x!), gamma!, beta!), sizes: [0] });
});

test("moments that are used elsewhere too", async () => {
  const { after } = await comparePasses({
    inputs,
    run: ({ x, gamma, beta }) => {
      const { mean, variance } = tf.moments(x!, -1, true);
      const inverse = tf.rsqrt(tf.add(variance, 1e-3));
      const rows = tf.mul(tf.sub(x!, mean), inverse);
      return { y: affine(rows, gamma!, beta!), mean, inverse, variance, rows };
    },
  });
  expect(after.LayerNormalization).toBe(1);
});

test("a scale for each row is left outside", async () => {
  const { after } = await comparePasses({
    inputs: { ...inputs, gamma: float(["n", 5, 8]) },
    run: ({ x, gamma }) => tf.mul(byHand(x!), gamma!),
  });
  expect(after).toMatchObject({ LayerNormalization: 1, Mul: 1 });
});

test.each<[string, Normalize]>([
  ["another axis", (x) => byHand(x, 1e-3, 1)],
  ["two axes", (x) => byHand(x, 1e-3, [1, 2])],
  [
    "the variance of something else",
    (x) => {
      const centred = tf.sub(x, tf.mean(x, -1, true));
      const other = tf.square(tf.sub(tf.abs(x), tf.mean(x, -1, true)));
      return tf.div(centred, tf.sqrt(tf.add(tf.mean(other, -1, true), 1e-3)));
    },
  ],
  [
    "another centre",
    (x, gamma) => {
      const centred = tf.sub(x, tf.mean(x, -1, true));
      const variance = tf.mean(tf.square(centred), -1, true);
      return tf.div(tf.sub(x, tf.mean(gamma)), tf.sqrt(tf.add(variance, 1e-3)));
    },
  ],
  [
    "a largest difference",
    (x) => {
      const centred = tf.sub(x, tf.mean(x, -1, true));
      return tf.div(centred, tf.sqrt(tf.add(tf.max(tf.square(centred), -1, true), 1e-3)));
    },
  ],
  [
    "no root",
    (x) => {
      const centred = tf.sub(x, tf.mean(x, -1, true));
      return tf.div(centred, tf.add(tf.mean(tf.square(centred), -1, true), 1e-3));
    },
  ],
  [
    "an epsilon for each row",
    (x, gamma) => {
      const centred = tf.sub(x, tf.mean(x, -1, true));
      const variance = tf.mean(tf.square(centred), -1, true);
      return tf.div(centred, tf.sqrt(tf.add(variance, tf.sum(tf.square(gamma)))));
    },
  ],
])("%s is none", async (_, normalize) => {
  const { after } = await comparePasses({
    inputs,
    run: ({ x, gamma, beta }) => normalize(x!, gamma!, beta!),
  });
  expect(after.LayerNormalization).toBeUndefined();
});

test("rows of one number, which ONNX Runtime refuses, stay", async () => {
  const { after } = await comparePasses({ inputs: { x: float(["n", 1]) }, run: ({ x }) => byHand(x!) });
  expect(after.LayerNormalization).toBeUndefined();
});

test("means that become rows of a square are none", async () => {
  const { after } = await comparePasses({
    inputs: { x: float([8, 8]) },
    run: ({ x }) => {
      const centred = tf.sub(x!, tf.mean(x!, -1));
      return tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), -1), 1e-3)));
    },
  });
  expect(after.LayerNormalization).toBeUndefined();
});

test("two epsilons are two normalizations", async () => {
  const { after } = rewriteCase({
    inputs,
    run: ({ x }) => ({ first: byHand(x!, 1e-3), second: byHand(x!, 1e-1) }),
  });
  const epsilons = listNodes(after.graph).flatMap(({ op, attributes: { epsilon } }) =>
    op === "LayerNormalization" ? [epsilon] : [],
  );
  expect(epsilons).toEqual([expect.closeTo(1e-3), expect.closeTo(1e-1)]);
});

/** Inputs, dense layers, shapes, embeddings, masking, and layers that only training changes. */
import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import { applyLayer, float, int, type LayerCase, type LayerCases, layerCase } from "./layer-case.ts";

const activations = [
  ...["elu", "hardSigmoid", "linear", "relu", "relu6", "selu", "sigmoid", "softmax", "softplus", "softsign"],
  ...["tanh", "swish", "mish", "gelu", "gelu_new"],
] as const;

const row = float([3]);
const ids = { low: 0, high: 5 };

/** A layer that tfjs does not know. */
class Scale extends layers.Layer {
  static readonly className = "CaseScale";
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
    return tf.div(tf.mul(x, 3), tf.add(1, tf.square(x)));
  }
}

function sameInTest(create: () => layers.Layer): readonly LayerCase[] {
  return [
    layerCase("leaves the input as it is", float([4, 3]), create),
    {
      name: "between dense layers",
      inputs: [float([4, 3])],
      build: ([x]) =>
        applyLayer(
          layers.dense({ units: 2 }),
          applyLayer(create(), applyLayer(layers.dense({ units: 3 }), x!)),
        ),
    },
  ];
}

export const basicCases: LayerCases = {
  input: [
    layerCase("a free length", float([null, 3]), () => layers.dense({ units: 2 })),
    layerCase("int32", int([2], ids), () => layers.embedding({ inputDim: 5, outputDim: 2 })),
  ],
  inputLayer: [
    {
      name: "as a layer",
      inputs: [row],
      build: ([x]) => applyLayer(layers.dense({ units: 2, activation: "relu" }), x!),
    },
    {
      name: "an input that is an output",
      inputs: [row, row],
      build: ([a, b]) => [a!, applyLayer(layers.dense({ units: 1 }), b!)],
    },
  ],
  Layer: [layerCase("a class of the user's own", row, () => new Scale())],
  dense: [
    layerCase("bias", row, () => layers.dense({ units: 4 })),
    layerCase("no bias", row, () => layers.dense({ units: 4, useBias: false })),
    layerCase("rank 3", float([2, 3]), () => layers.dense({ units: 4, activation: "relu" })),
    layerCase("rank 4, a free axis", float([null, 2, 3]), () => layers.dense({ units: 1 })),
    ...activations.map((activation) =>
      layerCase(activation, row, () => layers.dense({ units: 4, activation: activation as "relu" })),
    ),
    {
      name: "one layer used twice",
      inputs: [row, row],
      build([a, b]) {
        const shared = layers.dense({ units: 2, activation: "tanh" });
        return [applyLayer(shared, a!), applyLayer(shared, b!)];
      },
    },
  ],
  activation: activations.map((activation) =>
    layerCase(activation, float([2, 3], { low: -4, high: 4 }), () =>
      layers.activation({ activation: activation as "relu" }),
    ),
  ),
  flatten: [
    layerCase("rank 4", float([2, 3, 2]), () => layers.flatten()),
    layerCase("channels first", float([2, 3, 4]), () => layers.flatten({ dataFormat: "channelsFirst" })),
  ],
  repeatVector: [layerCase("3 times", row, () => layers.repeatVector({ n: 3 }))],
  reshape: [
    layerCase("to rank 3", float([6]), () => layers.reshape({ targetShape: [2, 3] })),
    layerCase("the rest", float([2, 6]), () => layers.reshape({ targetShape: [3, -1, 2] })),
  ],
  permute: [
    layerCase("two axes", float([2, 3]), () => layers.permute({ dims: [2, 1] })),
    layerCase("three axes, one free", float([2, null, 3]), () => layers.permute({ dims: [3, 1, 2] })),
  ],
  embedding: [
    layerCase("float ids are cut", float([4], { low: 0, high: 4.99 }), () =>
      layers.embedding({ inputDim: 5, outputDim: 3 }),
    ),
    layerCase("int32 ids, a free length", int([null], ids), () =>
      layers.embedding({ inputDim: 5, outputDim: 3 }),
    ),
    layerCase("inputLength", int([4], ids), () =>
      layers.embedding({ inputDim: 5, outputDim: 3, inputLength: 4 }),
    ),
    layerCase("rank 3", int([2, 3], ids), () => layers.embedding({ inputDim: 5, outputDim: 3 })),
    {
      name: "maskZero, and a layer that ignores the mask",
      inputs: [int([4], ids)],
      build: ([x]) =>
        applyLayer(
          layers.dense({ units: 2 }),
          applyLayer(
            layers.flatten(),
            applyLayer(layers.embedding({ inputDim: 5, outputDim: 3, maskZero: true }), x!),
          ),
        ),
    },
  ],
  masking: [
    layerCase("of 0", float([null, 2], [0, 0, 1, 0, -1, 2, 0, 0]), () => layers.masking()),
    layerCase("of another value", float([3, 2], [1, 1, 1, 0, 0, 0, 1]), () =>
      layers.masking({ maskValue: 1 }),
    ),
    {
      name: "a mask that predict still holds, two layers on",
      inputs: [int([4], ids)],
      build([x]) {
        const embedded = applyLayer(layers.embedding({ inputDim: 5, outputDim: 3, maskZero: true }), x!);
        const scores = applyLayer(layers.dense({ units: 4 }), applyLayer(layers.flatten(), embedded));
        return applyLayer(layers.softmax(), scores);
      },
    },
  ],
  dropout: sameInTest(() => layers.dropout({ rate: 0.5 })),
  spatialDropout1d: sameInTest(() => layers.spatialDropout1d({ rate: 0.5 })),
  gaussianNoise: sameInTest(() => layers.gaussianNoise({ stddev: 1 })),
  gaussianDropout: sameInTest(() => layers.gaussianDropout({ rate: 0.5 })),
  alphaDropout: sameInTest(() => layers.alphaDropout({ rate: 0.5 })),
};

import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import { float, type LayerCase, type LayerCases, layerCase } from "./layer-case.ts";

const perAxis1: Partial<LayerCase> = {
  reference: {
    why: "tfjs-backend-cpu runs through the statistics along the last axis, whatever axis they are of",
    run(model, [x]) {
      const [gamma, beta, mean, variance] = model
        .getWeights()
        .map((weight) => tf.reshape(weight, [1, -1, ...(x?.shape.slice(2) ?? []).map(() => 1)]));
      const scale = tf.div(gamma!, tf.sqrt(tf.add(variance!, 1e-3)));
      return [tf.add(tf.mul(tf.sub(x!, mean!), scale), beta!)];
    },
  },
};

export const normalizationCases: LayerCases = {
  batchNormalization: [
    layerCase("rows", float([3]), () => layers.batchNormalization()),
    layerCase("no center, no scale", float([3]), () =>
      layers.batchNormalization({ center: false, scale: false }),
    ),
    layerCase("rank 3", float([2, 3]), () => layers.batchNormalization({ epsilon: 0.1 })),
    layerCase("images", float([2, 3, 2]), () => layers.batchNormalization()),
    layerCase("axis 1", float([2, 3, 2]), () => layers.batchNormalization({ axis: 1 }), perAxis1),
  ],
  layerNormalization: [
    layerCase("rows", float([5]), () => layers.layerNormalization()),
    layerCase("rank 3", float([2, 5]), () => layers.layerNormalization({ epsilon: 0.1 })),
    layerCase("a free axis", float([null, 5]), () => layers.layerNormalization()),
    layerCase("two axes", float([2, 5]), () => layers.layerNormalization({ axis: [1, 2] })),
    layerCase("an inner axis", float([4, 5]), () => layers.layerNormalization({ axis: 1 })),
    layerCase("no center, no scale", float([5]), () =>
      layers.layerNormalization({ center: false, scale: false }),
    ),
  ],
};

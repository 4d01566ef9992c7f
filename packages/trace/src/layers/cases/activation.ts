/** Activations that are layers of their own. */
import { layers } from "@tensorflow/tfjs-layers";
import { float, type LayerCases, layerCase } from "./layer-case.ts";

const x = float([2, 3], { low: -4, high: 4 });

export const activationCases: LayerCases = {
  elu: [layerCase("default", x, () => layers.elu())],
  reLU: [
    layerCase("default", x, () => layers.reLU()),
    layerCase("maxValue", x, () => layers.reLU({ maxValue: 2 })),
  ],
  leakyReLU: [
    layerCase("default", x, () => layers.leakyReLU()),
    layerCase("alpha", x, () => layers.leakyReLU({ alpha: 0.05 })),
  ],
  prelu: [
    layerCase("default", x, () => layers.prelu()),
    layerCase("a shared axis", x, () => layers.prelu({ sharedAxes: 1 })),
    layerCase("a shared axis that is free", float([null, 3]), () => layers.prelu({ sharedAxes: [1] })),
  ],
  softmax: [
    layerCase("default", float([3]), () => layers.softmax()),
    layerCase("axis -1", x, () => layers.softmax({ axis: -1 })),
    layerCase("a list of one axis", x, () => layers.softmax({ axis: [2] })),
    layerCase("two axes", x, () => layers.softmax({ axis: [1, 2] })),
  ],
  thresholdedReLU: [
    layerCase("default", x, () => layers.thresholdedReLU()),
    layerCase("theta", x, () => layers.thresholdedReLU({ theta: -0.5 })),
  ],
};

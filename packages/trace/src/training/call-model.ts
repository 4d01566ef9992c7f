/** Calls a model as its training does. */
import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { currentSession } from "../backend/with-trace.ts";
import { withHookedLayers } from "../layers/hook-layers.ts";
import { isLayer, listLayers } from "../layers/layer.ts";
import { withoutCallMasks } from "../models/nested-masks.ts";
import { withLayerNoise } from "./layer-noise.ts";
import type { Noise } from "./noise.ts";

/**
 * The model's outputs, in their order, with dropout and batch statistics as in training when there is `noise`, as in
 * `predict` when there is none.
 *
 * @param inputs - in the order of the model's inputs.
 */
export function callModel(model: LayersModel, inputs: readonly tf.Tensor[], noise?: Noise): tf.Tensor[] {
  const layers = [...new Set(model.layers.filter(isLayer).flatMap(listLayers))];
  const call = () => model.call([...inputs], { training: noise !== undefined });
  const session = currentSession();
  // Under trace the nodes get the names of their layers, and so do errors.
  const named = () =>
    session === undefined
      ? call()
      : withHookedLayers(layers, { session, what: model.name, override: () => undefined }, call);
  const outputs = withoutCallMasks(layers, () =>
    noise === undefined ? named() : withLayerNoise(model, noise, named),
  );
  return outputs instanceof tf.Tensor ? [outputs] : outputs;
}

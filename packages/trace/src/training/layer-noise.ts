/** Layers that are random in training, made to draw from a given source: Dropout and its kin. */
import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel, layers } from "@tensorflow/tfjs-layers";
import { dropout, type Noise } from "./noise.ts";

type Layer = layers.Layer;
type Call = Layer["call"];

/** What a random layer does in training, from its settings. */
const calls: Readonly<
  Record<string, (x: tf.Tensor, config: tf.serialization.ConfigDict, noise: Noise) => tf.Tensor>
> = {
  Dropout(x, config, noise) {
    const shape = config.noiseShape as number[] | undefined;
    return dropout(
      x,
      Number(config.rate),
      noise,
      shape ? shape.map((dim, axis) => dim ?? x.shape[axis] ?? 1) : x.shape,
    );
  },
  /** Whole channels at a time. */
  SpatialDropout1D: (x, config, noise) =>
    dropout(x, Number(config.rate), noise, [x.shape[0] ?? 1, 1, x.shape[2] ?? 1]),
  GaussianNoise: (x, config, noise) => tf.add(x, tf.mul(noise.normal(x.shape), Number(config.stddev))),
  /** @see Srivastava et al. 2014, §10: multiplicative noise of mean 1 and variance rate / (1 − rate). */
  GaussianDropout(x, config, noise) {
    const rate = Number(config.rate);
    if (rate <= 0 || rate >= 1) return x;
    return tf.mul(x, tf.add(tf.mul(noise.normal(x.shape), Math.sqrt(rate / (1 - rate))), 1));
  },
  /** Keeps mean and variance under SELU. @see Klambauer et al. 2017, "Self-normalizing neural networks" */
  AlphaDropout(x, config, noise) {
    const rate = Number(config.rate);
    if (rate <= 0 || rate >= 1) return x;
    const dropped = -1.6732632423543772 * 1.0507009873554805;
    const kept = tf.cast(tf.greaterEqual(noise.uniform(x.shape), rate), "float32");
    const scale = ((1 - rate) * (1 + rate * dropped ** 2)) ** -0.5;
    const shift = -scale * dropped * rate;
    const mixed = tf.add(tf.mul(x, kept), tf.mul(tf.sub(1, kept), dropped));
    return tf.add(tf.mul(mixed, scale), shift);
  },
};

/**
 * Runs `body` with every random layer of the model drawing from `noise` where it is called with `training: true`. The
 * layers are as before afterwards.
 */
export function withLayerNoise<Result>(model: LayersModel, noise: Noise, body: () => Result): Result {
  const random = listLayers(model).filter((layer) => layer.getClassName() in calls);
  const before = random.map((layer) => Object.getOwnPropertyDescriptor(layer, "call"));
  for (const layer of random) {
    const original: Call = layer.call.bind(layer);
    const act = calls[layer.getClassName()];
    layer.call = (inputs, kwargs) => {
      const [x] = Array.isArray(inputs) ? inputs : [inputs];
      if (kwargs?.training !== true || x === undefined || act === undefined) return original(inputs, kwargs);
      return act(x, layer.getConfig(), noise);
    };
  }
  try {
    return body();
  } finally {
    for (const [at, layer] of random.entries()) {
      const own = before[at];
      if (own === undefined) delete (layer as { call?: Call }).call;
      else Object.defineProperty(layer, "call", own);
    }
  }
}

/** Every layer of a model, in nested models and wrappers too. */
function listLayers(model: LayersModel): Layer[] {
  const found = new Set<Layer>();
  const visit = (layer: Layer & { layers?: Layer[]; layer?: Layer }) => {
    if (found.has(layer)) return;
    found.add(layer);
    for (const inner of [...(layer.layers ?? []), ...(layer.layer ? [layer.layer] : [])]) visit(inner);
  };
  for (const layer of model.layers) visit(layer);
  return [...found];
}

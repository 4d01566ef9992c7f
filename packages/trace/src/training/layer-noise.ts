/** Layers that are random in training, made to draw from a given source: Dropout and its kin, and recurrent cells. */
import * as tf from "@tensorflow/tfjs-core";
import { isLayer, type Layer, listLayers } from "../layers/layer.ts";
import { dropout, type Noise } from "./noise.ts";

/** What a random layer does in training. */
type Draw = (x: tf.Tensor, layer: Layer, noise: Noise) => tf.Tensor;

/** The one list, by class name. Cells of recurrent layers need no entry: tfjs asks them for a dropout function. */
const draws: Readonly<Record<string, Draw>> = {
  Dropout: (x, layer, noise) => dropout(x, rateOf(layer), noise, noiseShapeOf(layer, x)),
  /** Whole channels at a time. */
  SpatialDropout1D: (x, layer, noise) =>
    dropout(x, rateOf(layer), noise, [x.shape[0] ?? 1, 1, x.shape[2] ?? 1]),
  GaussianNoise: (x, layer, noise) =>
    tf.add(x, tf.mul(noise.normal(x.shape), Number(Reflect.get(layer, "stddev")))),
  /** @see Srivastava et al. 2014, §10: multiplicative noise of mean 1 and variance rate / (1 − rate). */
  GaussianDropout(x, layer, noise) {
    const rate = rateOf(layer);
    return tf.mul(x, tf.add(tf.mul(noise.normal(x.shape), Math.sqrt(rate / (1 - rate))), 1));
  },
  /** Keeps mean and variance under SELU. @see Klambauer et al. 2017, "Self-normalizing neural networks" */
  AlphaDropout(x, layer, noise) {
    const rate = rateOf(layer);
    const dropped = -1.6732632423543772 * 1.0507009873554805;
    const kept = tf.cast(tf.greaterEqual(noise.uniform(noiseShapeOf(layer, x)), rate), "float32");
    const scale = ((1 - rate) * (1 + rate * dropped ** 2)) ** -0.5;
    const mixed = tf.add(tf.mul(x, kept), tf.mul(tf.sub(1, kept), dropped));
    return tf.add(tf.mul(mixed, scale), -scale * dropped * rate);
  },
};

function rateOf(layer: Layer): number {
  return Number(Reflect.get(layer, "rate"));
}

function noiseShapeOf(layer: Layer, x: tf.Tensor): readonly number[] {
  const shape: readonly (number | null)[] | null | undefined = Reflect.get(layer, "noiseShape");
  return shape?.map((dim, axis) => dim ?? x.shape[axis] ?? 1) ?? x.shape;
}

/**
 * Runs `body` with every random layer drawing from `noise` where it is called with `training: true`. The layers are
 * as before afterwards.
 *
 * @param owner - a model, a layer, or several: what is nested, wrapped or held inside them draws from `noise` too.
 */
export function withLayerNoise<Result>(owner: unknown, noise: Noise, body: () => Result): Result {
  const owners: readonly unknown[] = Array.isArray(owner) ? owner : [owner];
  const restore = [...new Set(owners.filter(isLayer).flatMap(listLayers))].map((layer) =>
    "dropoutFunc" in layer ? hookCell(layer, noise) : hookLayer(layer, noise),
  );
  try {
    return body();
  } finally {
    for (const undo of restore) undo();
  }
}

function hookLayer(layer: Layer, noise: Noise): () => void {
  const draw = draws[layer.getClassName()];
  if (draw === undefined) return () => {};
  const own = Object.getOwnPropertyDescriptor(layer, "call");
  const original = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => {
    const [x] = Array.isArray(inputs) ? inputs : [inputs];
    const rate = Reflect.get(layer, "rate") ?? 0.5;
    if (kwargs?.training !== true || x === undefined || rate <= 0 || rate >= 1)
      return original(inputs, kwargs);
    return draw(x, layer, noise);
  };
  return () => {
    if (own === undefined) Reflect.deleteProperty(layer, "call");
    else Object.defineProperty(layer, "call", own);
  };
}

/** A cell draws its masks once for all steps of a sequence, and keeps them until its layer is called again. */
function hookCell(cell: Layer, noise: Noise): () => void {
  const original: unknown = Reflect.get(cell, "dropoutFunc");
  Reflect.set(cell, "dropoutFunc", (x: tf.Tensor, rate: number) => dropout(x, rate, noise));
  dropMasks(cell);
  return () => {
    Reflect.set(cell, "dropoutFunc", original);
    dropMasks(cell);
  };
}

function dropMasks(cell: Layer): void {
  for (const name of ["dropoutMask", "recurrentDropoutMask"]) {
    const masks: tf.Tensor | tf.Tensor[] | null | undefined = Reflect.get(cell, name);
    if (masks) tf.dispose(masks);
    Reflect.set(cell, name, null);
  }
}

/** Random numbers that code under training asks for: given from outside, so that every engine sees the same. */
import * as tf from "@tensorflow/tfjs-core";
import type { Expression } from "../graph/expression.ts";

export type NoiseKind = "uniform" | "normal";

/** What a loss may ask for. Each call draws anew in every step. */
export interface Noise {
  /** Uniform in `[0, 1)`. */
  uniform(shape: readonly number[]): tf.Tensor;
  /** Normal with mean 0 and deviation 1. */
  normal(shape: readonly number[]): tf.Tensor;
}

/** A noise input of a training step's graph. */
export interface NoiseInput {
  /** Name of the graph's input. */
  readonly name: string;
  readonly kind: NoiseKind;
  /** Its shape, which may hang on the batch's. */
  readonly dims: readonly Expression[];
}

/** Dims of a noise input for a batch with these sizes of the signature's symbolic dims. */
export function noiseDims({ dims }: NoiseInput, sizes: Readonly<Record<string, number>>): number[] {
  return dims.map(({ coefficient, symbols, offset, isInverse }) => {
    const product = symbols.reduce((total, symbol) => total * (sizes[symbol] ?? 0), 1);
    if (symbols.length === 0) return offset;
    return (isInverse ? coefficient / product : coefficient * product) + offset;
  });
}

/**
 * Sets a share of the elements to 0 and scales the others so that the mean stays.
 *
 * @param rate - share that is dropped, in `[0, 1)`; 0 gives `x` itself.
 * @param noiseShape - default the shape of `x`; an axis of 1 is dropped as a whole.
 * @see Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting"
 */
export function dropout<T extends tf.Tensor>(
  x: T,
  rate: number,
  noise: Noise,
  noiseShape: readonly number[] = x.shape,
): T {
  if (rate === 0) return x;
  const kept = tf.greaterEqual(noise.uniform(noiseShape), rate);
  return tf.mul(x, tf.mul(tf.cast(kept, "float32"), 1 / (1 - rate)));
}

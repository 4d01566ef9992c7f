/** The random numbers of each step, which hang on seed, step and place in the step only. */
import { createRandom } from "@attune/numeric";
import type { NoiseKind } from "@attune/trace";
import { fillNoise } from "./fill.ts";

export interface NoiseSource {
  /** @param draw - which of the step's tensors it is, counted from 0 in the order in which the loss asks. */
  fill(data: Float32Array, kind: NoiseKind, step: number, draw: number): void;
}

/** Nothing to save in a checkpoint: the number of the step is the position of the generator. */
export function createNoiseSource(seed: number): NoiseSource {
  const random = createRandom(seed).fork("noise");
  return {
    fill: (data, kind, step, draw) => fillNoise(data, kind, random.fork(`${step} ${draw}`)),
  };
}

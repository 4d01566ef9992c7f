/**
 * Gradients of our own, in place of tfjs's while tracing: tfjs's loop over sizes, so that a symbolic size would be
 * unrolled, or are missing. The one list.
 */
import * as tf from "@tensorflow/tfjs-core";
import { einsumGradient } from "./einsum.ts";
import { gatherGradient } from "./gather.ts";
import { tileGradient } from "./tile.ts";

const gradients: readonly tf.GradConfig[] = [tileGradient, gatherGradient, einsumGradient];

/** Runs `body` with these gradients, then puts back what tfjs had: its list is global. */
export function withGradients<Result>(body: () => Result): Result {
  return withThese(gradients, body);
}

/** Runs `body`, which computes, with those that tfjs has none of: all its other gradients are its own. */
export function withMissingGradients<Result>(body: () => Result): Result {
  return withThese(
    gradients.filter(({ kernelName }) => tf.getGradient(kernelName) === undefined),
    body,
  );
}

function withThese<Result>(list: readonly tf.GradConfig[], body: () => Result): Result {
  const before = list.map(({ kernelName }) => tf.getGradient(kernelName));
  for (const gradient of list) register(gradient.kernelName, gradient);
  try {
    return body();
  } finally {
    for (const [at, { kernelName }] of list.entries()) register(kernelName, before[at]);
  }
}

function register(kernelName: string, gradient: tf.GradConfig | undefined): void {
  if (tf.getGradient(kernelName) !== undefined) tf.unregisterGradient(kernelName);
  if (gradient !== undefined) tf.registerGradient(gradient);
}

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
  const before = gradients.map(({ kernelName }) => tf.getGradient(kernelName));
  for (const gradient of gradients) register(gradient.kernelName, gradient);
  try {
    return body();
  } finally {
    for (const [at, { kernelName }] of gradients.entries()) register(kernelName, before[at]);
  }
}

function register(kernelName: string, gradient: tf.GradConfig | undefined): void {
  if (tf.getGradient(kernelName) !== undefined) tf.unregisterGradient(kernelName);
  if (gradient !== undefined) tf.registerGradient(gradient);
}

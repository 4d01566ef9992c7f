/** Loss, metrics and gradients of one batch, by tfjs's automatic differentiation: under trace and eagerly. */
import { AttuneError } from "@attune/contracts";
import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients, which tfjs-core's Node build lacks.
import "@tensorflow/tfjs-layers";
import { shapeText } from "../signature.ts";
import type { TensorsByName } from "../trace-function.ts";
import type { Noise } from "./noise.ts";

export interface LossOutputs {
  readonly loss: tf.Tensor;
  /** Further numbers to report, by name. */
  readonly metrics?: TensorsByName;
}

/** Computes the loss of a batch, one number. `noise` gives the random numbers of dropout and the like. */
export type Loss = (batch: TensorsByName, noise: Noise) => tf.Tensor | LossOutputs;

export interface DifferentiateOptions {
  /** Name of the training, for errors. */
  readonly what: string;
  readonly loss: Loss;
  readonly variables: Readonly<Record<string, tf.Variable>>;
  readonly batch: TensorsByName;
  readonly noise: Noise;
  /** What the batch's symbolic dims are, so that an error names them. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Told when the loss begins, and when its gradients do. */
  readonly onPhase?: (phase: "loss" | "gradient") => void;
}

export interface Differentiated {
  readonly loss: tf.Scalar;
  readonly metrics: TensorsByName;
  /** By the names of the variables. */
  readonly gradients: TensorsByName;
}

/**
 * To be called inside `tf.tidy`.
 *
 * @throws {AttuneError} `TRACE_LOSS` when the loss or a metric is not one number, `TRACE_UNREACHED` with the variables
 * that the loss does not hang on.
 */
export function differentiate(options: DifferentiateOptions): Differentiated {
  const { what, loss, variables, batch, noise, onPhase, sizes } = options;
  let metrics: TensorsByName = {};
  const forward = () => {
    onPhase?.("loss");
    const outputs = checkLoss(loss(batch, noise), what, sizes);
    onPhase?.("gradient");
    // Clones, since a metric may be the caller's own tensor, whose life is not ours to prolong.
    const kept = Object.entries(outputs.metrics ?? {}).map(([name, metric]) => [
      name,
      tf.keep(tf.clone(metric)),
    ]);
    metrics = Object.fromEntries(kept);
    return outputs.loss as tf.Scalar;
  };
  try {
    const names = Object.keys(variables);
    const { value, grads } = tf.engine().gradients(forward, Object.values(variables), undefined, true);
    const unreached = names.filter((_, at) => grads[at] === undefined || grads[at] === null);
    if (unreached.length > 0) throw new AttuneError("TRACE_UNREACHED", { what, variables: unreached });
    const gradients = Object.fromEntries(names.map((name, at) => [name, grads[at] as tf.Tensor]));
    return { loss: value as tf.Scalar, metrics, gradients };
  } catch (error) {
    tf.dispose(Object.values(metrics));
    throw error;
  }
}

/**
 * What a loss function gave, in one form.
 *
 * @param sizes - what the batch's symbolic dims are, so that an error names them.
 * @throws {AttuneError} `TRACE_LOSS` when the loss is not one float32 number, or a metric is not one number.
 */
export function checkLoss(
  given: tf.Tensor | LossOutputs,
  what: string,
  sizes: Readonly<Record<string, number>> = {},
): LossOutputs {
  const { loss, metrics = {} } = given instanceof tf.Tensor ? { loss: given } : (given ?? {});
  const refuse = (reason: string): never => {
    throw new AttuneError("TRACE_LOSS", { what, reason });
  };
  if (!(loss instanceof tf.Tensor)) refuse("is no tensor; return a scalar, or { loss, metrics }");
  const { shape, dtype } = loss as tf.Tensor;
  if (shape.length > 0)
    refuse(`has shape ${shapeText(shape, sizes)}, not [] (one number); take its mean or sum`);
  if (dtype !== "float32") refuse(`has dtype ${dtype}, not float32; cast it with tf.cast`);
  for (const [name, metric] of Object.entries(metrics)) {
    const isTensor = metric instanceof tf.Tensor;
    if (isTensor && metric.rank === 0 && name !== "loss") continue;
    if (name === "loss") refuse('comes with a metric called "loss"; give it another name');
    const shown = isTensor ? `has shape ${shapeText(metric.shape, sizes)}` : "is no tensor";
    refuse(`comes with the metric ${name}, which ${shown}; give one number`);
  }
  return { loss: loss as tf.Scalar, metrics };
}

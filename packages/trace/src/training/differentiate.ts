/** Loss, metrics and gradients of one batch, by tfjs's automatic differentiation: under trace and eagerly. */
import { AttuneError } from "@attune/contracts";
import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients, which tfjs-core's Node build lacks.
import "@tensorflow/tfjs-layers";
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
  const { what, loss, variables, batch, noise, onPhase } = options;
  let metrics: TensorsByName = {};
  const forward = () => {
    onPhase?.("loss");
    const result = loss(batch, noise);
    onPhase?.("gradient");
    if (result instanceof tf.Tensor) return checkLoss(result, what);
    const given = Object.entries(result?.metrics ?? {});
    for (const [name, metric] of given) checkMetric(name, metric, what);
    // A clone, since a metric may be the caller's own tensor, whose life is not ours to prolong.
    metrics = Object.fromEntries(given.map(([name, metric]) => [name, tf.keep(tf.clone(metric))]));
    return checkLoss(result?.loss, what);
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

function checkLoss(loss: tf.Tensor | undefined, what: string): tf.Scalar {
  if (!(loss instanceof tf.Tensor)) {
    throw new AttuneError("TRACE_LOSS", {
      what,
      reason: "is no tensor; return a scalar, or { loss, metrics }",
    });
  }
  if (loss.rank !== 0) {
    const reason = `has shape [${loss.shape.join(", ")}], not [] (one number); take its mean or sum`;
    throw new AttuneError("TRACE_LOSS", { what, reason });
  }
  if (loss.dtype !== "float32") {
    throw new AttuneError("TRACE_LOSS", { what, reason: `has dtype ${loss.dtype}, not float32` });
  }
  return loss as tf.Scalar;
}

function checkMetric(name: string, metric: tf.Tensor | undefined, what: string): void {
  if (metric instanceof tf.Tensor && metric.rank === 0) return;
  const shape = metric instanceof tf.Tensor ? `has shape [${metric.shape.join(", ")}]` : "is no tensor";
  throw new AttuneError("TRACE_LOSS", {
    what,
    reason: `comes with the metric ${name}, which ${shape}; give one number`,
  });
}

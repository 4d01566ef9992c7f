/** From gradients to new variables: clipping, the optimizer, weight decay. The same code under trace and eagerly. */
import * as tf from "@tensorflow/tfjs-core";
import type { TensorsByName } from "../trace-function.ts";

/** How gradients are kept small. */
export type GradientClip =
  /** Each element into `[-value, value]`. */
  | { readonly kind: "value"; readonly value: number }
  /** Each tensor scaled down to this L2 norm at most. */
  | { readonly kind: "norm"; readonly value: number }
  /** All tensors scaled down together to this joint L2 norm at most. @see Pascanu, Mikolov & Bengio 2013 */
  | { readonly kind: "globalNorm"; readonly value: number };

export interface UpdateOptions {
  readonly clip?: GradientClip;
  /**
   * Share of each variable that a step takes away, times the learning rate; apart from the optimizer's own update.
   * @see Loshchilov & Hutter 2019, "Decoupled weight decay regularization"
   */
  readonly weightDecay?: number;
}

/** Applies one update in place; the learning rate is the optimizer's. */
export function applyUpdate(
  optimizer: tf.Optimizer,
  variables: Readonly<Record<string, tf.Variable>>,
  gradients: TensorsByName,
  { clip, weightDecay = 0 }: UpdateOptions,
): void {
  tf.tidy(() => {
    const clipped = clip === undefined ? gradients : clipGradients(gradients, clip);
    const rate = Number((optimizer.getConfig() as { learningRate?: number }).learningRate);
    const decays = Object.entries(weightDecay === 0 ? {} : variables).map(
      ([name, variable]) => [name, tf.mul(variable, rate * weightDecay)] as const,
    );
    const named = Object.entries(clipped).map(([name, tensor]) => ({
      name: (variables[name] as tf.Variable).name,
      tensor,
    }));
    optimizer.applyGradients(named);
    for (const [name, decay] of decays) {
      const variable = variables[name] as tf.Variable;
      variable.assign(tf.sub(variable, decay));
    }
  });
}

function clipGradients(gradients: TensorsByName, clip: GradientClip): TensorsByName {
  const { kind, value } = clip;
  const change = (act: (gradient: tf.Tensor) => tf.Tensor) =>
    Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, act(gradient)]));
  if (kind === "value") return change((gradient) => tf.clipByValue(gradient, -value, value));
  if (kind === "norm") return change((gradient) => scaleDown(gradient, tf.sum(tf.square(gradient)), value));
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  const total = squares.reduce((sum, square) => tf.add(sum, square));
  return change((gradient) => scaleDown(gradient, total, value));
}

/** gradient · limit / max(norm, limit): unchanged below the limit. */
function scaleDown(gradient: tf.Tensor, squaredNorm: tf.Tensor, limit: number): tf.Tensor {
  return tf.mul(gradient, tf.div(limit, tf.maximum(tf.sqrt(squaredNorm), limit)));
}

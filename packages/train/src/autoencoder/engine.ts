/** Runs training steps of the autoencoder. The only file that knows tfjs: another engine replaces this one. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { AttuneError } from "@attune/contracts";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
// For what it registers: the gradients of the ops are not part of tfjs-core's Node build.
import "@tensorflow/tfjs-layers";
import type { Batch } from "./batch.ts";
import type { AutoencoderConfig } from "./config.ts";
import type { AutoencoderWeights } from "./weights.ts";

/** A training run under way. */
export interface AutoencoderEngine {
  /** One step of Adam. Returns the multinomial loss per user before it. */
  step(batch: Batch): Promise<number>;
  /** A copy of the weights as they are now. */
  weights(): Promise<AutoencoderWeights>;
  /** Frees its memory. */
  dispose(): void;
}

/** @throws {AttuneError} `TRAIN_BACKEND` when tfjs cannot start the config's backend. */
export async function createEngine(
  initial: AutoencoderWeights,
  config: AutoencoderConfig,
): Promise<AutoencoderEngine> {
  await useBackend(config.backend);
  const { itemCount, hidden } = initial;
  const encoder = createVariable(initial.encoder, [itemCount, hidden]);
  const encoderBias = createVariable(initial.encoderBias, [hidden]);
  const decoder = createVariable(initial.decoder, [hidden, itemCount]);
  const decoderBias = createVariable(initial.decoderBias, [itemCount]);
  const variables = [encoder, encoderBias, decoder, decoderBias];
  const optimizer = tf.train.adam(config.learningRate);

  const lossOf = (input: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar => {
    const code = tf.tanh(tf.add(multiplyInput(input, encoder as tf.Tensor2D), encoderBias));
    const logits = tf.add(multiply(code as tf.Tensor2D, decoder as tf.Tensor2D), decoderBias);
    return tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1)));
  };

  return {
    async step(batch) {
      const loss = tf.tidy(() => {
        const dims: [number, number] = [batch.rowCount, itemCount];
        const input = tf.tensor2d(batch.input, dims);
        const target = tf.tensor2d(batch.target, dims);
        const { value, grads } = tf.variableGrads(() => lossOf(input, target), variables);
        optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
        return value;
      });
      const [value = Number.NaN] = await loss.data<"float32">();
      loss.dispose();
      return value;
    },
    async weights() {
      const read = async (variable: tf.Variable) => Float32Array.from(await variable.data<"float32">());
      return {
        itemCount,
        hidden,
        encoder: await read(encoder),
        encoderBias: await read(encoderBias),
        decoder: await read(decoder),
        decoderBias: await read(decoderBias),
      };
    },
    dispose() {
      optimizer.dispose();
      tf.dispose(variables);
    },
  };
}

/** A variable keeps its own reference to the data, so the first tensor is freed. */
function createVariable(values: Float32Array, dims: number[]): tf.Variable {
  const tensor = tf.tensor(values, dims);
  const variable = tf.variable(tensor);
  tensor.dispose();
  return variable;
}

/** Tensors that tfjs holds at the moment, to find what was not freed. */
export function countTensors(): number {
  return tf.memory().numTensors;
}

/**
 * a · b with a gradient that transposes first: the wasm backend multiplies plain matrices by a fast library and
 * transposed ones by a naive loop, three times slower for a whole step.
 */
function multiply(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const op = tf.customGrad((left, right, save) => {
    (save as tf.GradSaveFunc)([left as tf.Tensor2D, right as tf.Tensor2D]);
    return {
      value: tf.matMul(left as tf.Tensor2D, right as tf.Tensor2D),
      gradFunc: (dy, saved) => {
        const [x, y] = saved as [tf.Tensor2D, tf.Tensor2D];
        return [tf.matMul(dy, tf.transpose(y)), tf.matMul(tf.transpose(x), dy)];
      },
    };
  });
  return op(a, b) as tf.Tensor2D;
}

/** `multiply` with no gradient for `input`, which nothing asks for. */
function multiplyInput(input: tf.Tensor2D, weights: tf.Tensor2D): tf.Tensor2D {
  const op = tf.customGrad((w) => ({
    value: tf.matMul(input, w as tf.Tensor2D),
    gradFunc: (dy) => tf.matMul(tf.transpose(input), dy),
  }));
  return op(weights) as tf.Tensor2D;
}

async function useBackend(backend: AutoencoderConfig["backend"]): Promise<void> {
  // tfjs greets on the console unless told that this is production.
  tf.env().set("PROD", true);
  if (backend === "wasm") {
    const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(join(dirname(entry), "/"));
  }
  const restoreListeners = rememberListeners();
  const started = await tf.setBackend(backend);
  restoreListeners();
  if (!started) throw new AttuneError("TRAIN_BACKEND", { kind: "autoencoder", backend });
}

/** The wasm module's loader listens for every uncaught error of the process, to rethrow it as its own. */
function rememberListeners(): () => void {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const listenersOf = (event: string) => process.listeners(event as "uncaughtException");
  const before = events.map((event) => new Set<unknown>(listenersOf(event)));
  const limit = process.getMaxListeners();
  // Room for its own, which would otherwise set off Node's leak warning in a busy process.
  process.setMaxListeners(limit === 0 ? 0 : limit + 1);
  return () => {
    for (const [at, event] of events.entries()) {
      const added = listenersOf(event).filter((listener) => !before[at]!.has(listener));
      for (const listener of added) process.removeListener(event, listener);
    }
    process.setMaxListeners(limit);
  };
}

/** The autoencoder's loss as a compiled training. The only file of the folder that knows tfjs. */
import type { CreateSession, Tensor } from "@attune/contracts";
import "@tensorflow/tfjs-backend-cpu";
import { compileTraining } from "@attune/compile";
import * as tf from "@tensorflow/tfjs-core";
import type { Batch } from "./batch.ts";
import type { AutoencoderConfig } from "./config.ts";
import { type AutoencoderWeights, weightsFromTensors, weightTensors } from "./weights.ts";

/** A training run under way. */
export interface AutoencoderEngine {
  /** One step of Adam. Returns the multinomial loss per user before it. */
  step(batch: Batch): Promise<number>;
  /** A copy of the weights as they are now. */
  weights(): Promise<AutoencoderWeights>;
  /** Frees its memory. */
  dispose(): Promise<void>;
}

/** @throws {AttuneError} `TRAIN_BACKEND` when the config's backend does not start. */
export async function createEngine(
  initial: AutoencoderWeights,
  config: AutoencoderConfig,
  createSession: CreateSession | undefined,
): Promise<AutoencoderEngine> {
  // tfjs greets on the console unless told that this is production.
  tf.env().set("PROD", true);
  const { itemCount } = initial;
  const variables = Object.fromEntries(
    Object.entries(weightTensors(initial)).map(([name, tensor]) => [name, createVariable(tensor)]),
  );
  const optimizer = tf.train.adam(config.learningRate);
  const freeTensors = () => {
    optimizer.dispose();
    tf.dispose(variables);
  };
  const rows = { dtype: "float32", dims: ["batch", itemCount] } as const;
  const training = await compileTraining((batch) => lossOf(batch, variables), {
    name: "autoencoder",
    signature: { input: rows, target: rows },
    variables,
    optimizer,
    backend: config.backend,
    ...(createSession && { createSession }),
  }).catch((error: unknown) => {
    freeTensors();
    throw error;
  });
  return {
    async step({ rowCount, input, target }) {
      const dims = [rowCount, itemCount];
      const toTensor = (data: Float32Array) => ({ dtype: "float32", dims, data }) as const;
      const { loss } = await training.step({ input: toTensor(input), target: toTensor(target) });
      return loss;
    },
    weights: async () => weightsFromTensors(await training.state()),
    async dispose() {
      try {
        await training.close();
      } finally {
        freeTensors();
      }
    },
  };
}

type Named = Readonly<Record<string, tf.Tensor>>;

/** Mean over users of the cross entropy between the target and the softmax over the catalogue. */
function lossOf({ input, target }: Named, { encoder, encoderBias, decoder, decoderBias }: Named): tf.Tensor {
  const layer = (x: tf.Tensor | undefined, weights: tf.Tensor | undefined, bias: tf.Tensor | undefined) =>
    tf.add(tf.matMul(x as tf.Tensor2D, weights as tf.Tensor2D), bias as tf.Tensor1D);
  const logits = layer(tf.tanh(layer(input, encoder, encoderBias)), decoder, decoderBias);
  return tf.neg(tf.mean(tf.sum(tf.mul(target as tf.Tensor2D, tf.logSoftmax(logits)), 1)));
}

/** A variable keeps its own reference to the data, so the first tensor is freed. */
function createVariable({ data, dims }: Tensor): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor(data as Float32Array, [...dims])));
}

/** Tensors that tfjs holds at the moment, to find what was not freed. */
export function countTensors(): number {
  return tf.memory().numTensors;
}

/** An autoencoder over a catalogue: a row of interactions in, a distribution over the same items out. */
import type { Tensor } from "@tensorflow/tfjs-core";
import { constant, glorot, popularItem } from "./initial.ts";
import type { Workload } from "./workload.ts";

const items = 3706;
const hidden = 600;
const batch = 500;

type Weight = "encoder" | "encoderBias" | "decoder" | "decoderBias";

/** input `[batch, items]`, rows of length 1; target `[batch, items]`, rows that sum to 1, positive at the same items. */
export const autoencoder: Workload<Weight, "input" | "target"> = {
  name: "autoencoder",
  summary: `${items}-${hidden}-${items}, batch ${batch}, softmax cross entropy`,
  threads: 2,
  weights: (random) => [
    glorot(random, "encoder", [items, hidden]),
    constant("encoderBias", [hidden], 0),
    glorot(random, "decoder", [hidden, items]),
    constant("decoderBias", [items], 0),
  ],
  batch(random) {
    const input = new Float32Array(batch * items);
    const target = new Float32Array(batch * items);
    for (let row = 0; row < batch; row++) {
      const count = 60 + random.integer(141);
      const seen = new Set<number>();
      while (seen.size < count) seen.add(popularItem(random, items));
      for (const item of seen) {
        input[row * items + item] = 1 / Math.sqrt(count);
        target[row * items + item] = 1 / count;
      }
    }
    const dims = [batch, items];
    return [
      { name: "input", dims, values: input },
      { name: "target", dims, values: target },
    ];
  },
  loss(tf, { encoder, encoderBias, decoder, decoderBias }, { input, target }) {
    const code = tf.tanh(tf.add(tf.matMul(input, encoder), encoderBias));
    const logits: Tensor = tf.add(tf.matMul(code, decoder), decoderBias);
    return tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1)));
  },
};

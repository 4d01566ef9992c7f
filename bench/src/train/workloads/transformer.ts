/** SASRec without dropout: causal self-attention over a history, one sampled negative per position. */
import type { Random } from "@attune/numeric";
import type { Tensor } from "@tensorflow/tfjs-core";
import { constant, glorot, normal, popularItems } from "./initial.ts";
import type { NamedArray, Tensors, Tf, Workload } from "./workload.ts";

const items = 3706;
const width = 64;
const length = 50;
const batch = 128;
const blocks = ["block0", "block1"] as const;
const layerNormEpsilon = 1e-8;

type Norm = "gamma" | "beta";
type BlockWeight =
  | `attentionNorm.${Norm}`
  | "query"
  | "key"
  | "value"
  | `forwardNorm.${Norm}`
  | `forward${1 | 2}.${"kernel" | "bias"}`;
type Weight = "items" | "positions" | `finalNorm.${Norm}` | `${(typeof blocks)[number]}.${BlockWeight}`;
type Block = (typeof blocks)[number];

/**
 * sequence, positive, negative `[batch, length]`: indexes of items from 1. Row 0 of the table is padding, which full
 * histories do not have.
 *
 * @see Kang & McAuley 2018, "Self-Attentive Sequential Recommendation"
 */
export const transformer: Workload<Weight, "sequence" | "positive" | "negative"> = {
  name: "transformer",
  summary: `SASRec, length ${length}, width ${width}, ${blocks.length} blocks, ${items} items, batch ${batch}`,
  threads: 2,
  weights: (random) => [
    normal(random, "items", [items + 1, width], 1 / Math.sqrt(width)),
    normal(random, "positions", [length, width], 1 / Math.sqrt(width)),
    ...blocks.flatMap((block) => blockWeights(random, block)),
    ...norm("finalNorm"),
  ],
  batch(random) {
    const range = { first: 1, count: items };
    const dims = [batch, length];
    return [
      popularItems(random, "sequence", dims, range),
      popularItems(random, "positive", dims, range),
      popularItems(random, "negative", dims, range),
    ];
  },
  loss(tf, weights, { sequence, positive, negative }) {
    const table = weights.items;
    let x: Tensor = tf.add(tf.mul(tf.gather(table, sequence), Math.sqrt(width)), weights.positions);
    for (const block of blocks) x = encode(tf, x, weights, block);
    x = normalize(tf, x, weights["finalNorm.gamma"], weights["finalNorm.beta"]);
    const score = (index: Tensor) => tf.sum(tf.mul(x, tf.gather(table, index)), -1);
    const lossOf = tf.add(tf.softplus(tf.neg(score(positive))), tf.softplus(score(negative)));
    return tf.mean(lossOf);
  },
};

function norm<Name extends string>(name: Name): NamedArray<`${Name}.${Norm}`>[] {
  return [constant(`${name}.gamma`, [width], 1), constant(`${name}.beta`, [width], 0)];
}

function blockWeights(random: Random, block: Block): NamedArray<Weight>[] {
  const square = [width, width] as const;
  return [
    ...norm(`${block}.attentionNorm`),
    glorot(random, `${block}.query`, square),
    glorot(random, `${block}.key`, square),
    glorot(random, `${block}.value`, square),
    ...norm(`${block}.forwardNorm`),
    glorot(random, `${block}.forward1.kernel`, square),
    constant(`${block}.forward1.bias`, [width], 0),
    glorot(random, `${block}.forward2.kernel`, square),
    constant(`${block}.forward2.bias`, [width], 0),
  ];
}

/** One block, x `[batch, length, width]`. As published, the query is normalised, key and value are not. */
function encode(tf: Tf, x: Tensor, weights: Tensors<Weight>, block: Block): Tensor {
  const weight = (name: BlockWeight) => weights[`${block}.${name}`];
  const query = normalize(tf, x, weight("attentionNorm.gamma"), weight("attentionNorm.beta"));
  const similarity = tf.matMul(
    project(tf, query, weight("query")),
    project(tf, x, weight("key")),
    false,
    true,
  );
  const attention = tf.softmax(tf.add(tf.div(similarity, Math.sqrt(width)), causalMask(tf)));
  const attended = tf.add(query, tf.matMul(attention, project(tf, x, weight("value"))));
  const normed = normalize(tf, attended, weight("forwardNorm.gamma"), weight("forwardNorm.beta"));
  const inner = tf.relu(tf.add(project(tf, normed, weight("forward1.kernel")), weight("forward1.bias")));
  const outer = tf.add(project(tf, inner, weight("forward2.kernel")), weight("forward2.bias"));
  return tf.add(attended, outer);
}

/** x·w over the last axis. Rank 2 inside: tfjs has no gradient of a product that broadcasts. */
function project(tf: Tf, x: Tensor, w: Tensor): Tensor {
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, width]), w), x.shape);
}

/** @see Ba, Kiros & Hinton 2016, "Layer Normalization" */
function normalize(tf: Tf, x: Tensor, gamma: Tensor, beta: Tensor): Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, layerNormEpsilon))), gamma), beta);
}

/** `[length, length]`: 0 where a position may look, −10⁹ at what comes after it. */
function causalMask(tf: Tf): Tensor {
  const isLater = (index: number) => index % length > Math.floor(index / length);
  const values = Float32Array.from({ length: length ** 2 }, (_, index) => (isLater(index) ? -1e9 : 0));
  return tf.tensor(values, [length, length]);
}

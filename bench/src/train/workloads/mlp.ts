/** A tiny regression: what a call costs when there is next to nothing to compute. */
import { constant, glorot, normal } from "./initial.ts";
import type { Workload } from "./workload.ts";

const batch = 256;
const features = 32;
const hidden = 64;

type Weight = `${"hidden1" | "hidden2" | "output"}.${"kernel" | "bias"}`;

/** x `[batch, features]`, y `[batch, 1]`. */
export const mlp: Workload<Weight, "x" | "y"> = {
  name: "mlp",
  summary: `${features}-${hidden}-${hidden}-1, relu, batch ${batch}, mean squared error`,
  threads: 1,
  weights: (random) => [
    glorot(random, "hidden1.kernel", [features, hidden]),
    constant("hidden1.bias", [hidden], 0),
    glorot(random, "hidden2.kernel", [hidden, hidden]),
    constant("hidden2.bias", [hidden], 0),
    glorot(random, "output.kernel", [hidden, 1]),
    constant("output.bias", [1], 0),
  ],
  batch: (random) => [normal(random, "x", [batch, features], 1), normal(random, "y", [batch, 1], 1)],
  loss(tf, weights, { x, y }) {
    const dense = (input: typeof x, layer: "hidden1" | "hidden2" | "output") =>
      tf.add(tf.matMul(input, weights[`${layer}.kernel`]), weights[`${layer}.bias`]);
    const output = dense(tf.relu(dense(tf.relu(dense(x, "hidden1")), "hidden2")), "output");
    return tf.mean(tf.square(tf.sub(output, y)));
  },
};

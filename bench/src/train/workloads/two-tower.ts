/** Two towers over one table of items: the mean of a history against a target and sampled negatives. */
import { constant, glorot, normal, popularItems } from "./initial.ts";
import type { Workload } from "./workload.ts";

const items = 50_000;
const width = 64;
const batch = 512;
const historyLength = 50;
const negativeCount = 1000;

type Weight = "table" | "userKernel" | "userBias" | "itemKernel" | "itemBias";

/** history `[batch, historyLength]`, target `[batch]`, negatives `[negativeCount]`, shared by the rows; indexes of items. */
export const twoTower: Workload<Weight, "history" | "target" | "negatives"> = {
  name: "two-tower",
  summary: `${items} items × ${width}, history ${historyLength}, ${negativeCount} negatives, batch ${batch}`,
  threads: 2,
  weights: (random) => [
    normal(random, "table", [items, width], 1 / Math.sqrt(width)),
    glorot(random, "userKernel", [width, width]),
    constant("userBias", [width], 0),
    glorot(random, "itemKernel", [width, width]),
    constant("itemBias", [width], 0),
  ],
  batch(random) {
    const range = { first: 0, count: items };
    return [
      popularItems(random, "history", [batch, historyLength], range),
      popularItems(random, "target", [batch], range),
      popularItems(random, "negatives", [negativeCount], range),
    ];
  },
  loss(tf, { table, userKernel, userBias, itemKernel, itemBias }, { history, target, negatives }) {
    const mean = tf.mean(tf.gather(table, history), 1);
    const user = tf.relu(tf.add(tf.matMul(mean, userKernel), userBias));
    const itemTower = (index: typeof target) =>
      tf.add(tf.matMul(tf.gather(table, index), itemKernel), itemBias);
    const positive = tf.sum(tf.mul(user, itemTower(target)), 1, true);
    const negative = tf.matMul(user, itemTower(negatives), false, true);
    const logProbability = tf.logSoftmax(tf.concat([positive, negative], 1));
    return tf.neg(tf.mean(tf.slice(logProbability, [0, 0], [batch, 1])));
  },
};

/** A toy that needs order: it adds popularity to what is one place after the newest item. */
import { float32Tensor, int64Tensor } from "@attune/onnx";
import { recommendTask } from "@attune/recommenders";
import { defineTrainer, type Family } from "@attune/train";
import * as z from "zod";

/** Scores of `items` with the successor of `newest` lifted. */
const lift = (counts: Float32Array, newest: number) =>
  counts.map((count, item) => count + (item === (newest + 1) % counts.length ? 1 : 0));

export const successor = defineTrainer<"recommend", Record<string, never>>({
  kind: "successor",
  task: "recommend",
  version: 1,
  title: "Successor",
  summary: "A toy: what comes after the newest item.",
  complexity: 5,
  seeded: false,
  needs: ["order"],
  configSchema: z.strictObject({}),
  candidates: () => [{}],
  projectBytes: ({ itemCount }) => 4 * itemCount,
  async fit({ distinct: { itemCount, items } }) {
    const counts = new Float32Array(itemCount);
    for (const item of items) counts[item]! += 1 / items.length;
    return { counts: { dtype: "float32", dims: [itemCount], data: counts } };
  },
  restore(hyperparameters, tensors) {
    const counts = tensors.counts!.data as Float32Array;
    const items = counts.length;
    return {
      kind: "successor",
      description: "What comes after the newest item.",
      hyperparameters,
      tensors: () => tensors,
      score: (own, _weights, context) => lift(counts, context?.ordered?.items.at(-1) ?? own.at(-1) ?? 0),
      fragment: {
        itemCount: items,
        bytes: 4 * items,
        needs: ["order"],
        build(graph, { ordered }) {
          const int = (name: string, ...values: number[]) => graph.constant(name, int64Tensor(values));
          const last = graph.node("Slice", [
            ordered!.index,
            int("from", -1),
            int("to", 2 ** 31),
            int("axis", 1),
          ]);
          const next = graph.node("Mod", [graph.node("Add", [last, int("one", 1)]), int("items", items)]);
          const isNext = graph.node("Equal", [
            next,
            graph.constant("all", int64Tensor([...counts.keys()], [1, items])),
          ]);
          const lifted = graph.node("Cast", [isNext], { attributes: { to: "float32" } });
          return graph.node("Add", [lifted, graph.constant("counts", float32Tensor(counts, [1, items]))]);
        },
      },
    };
  },
});

/** The popularity that every family needs as its baseline comes with the house. */
export const recommendFamily = (baseline: Family<"recommend">["trainers"][number]): Family<"recommend"> => ({
  task: recommendTask,
  trainers: [baseline, successor],
});

/** A toy that needs order and time: what is one place after the newest item is lifted, or pushed down if no time has passed. */
import { float32Tensor, int64Tensor } from "@attune/onnx";
import { recommendTask } from "@attune/recommenders";
import { defineTrainer, type Family } from "@attune/train";
import * as z from "zod";

/** Scores of `items` with the successor of `newest` moved by `step`. */
const lift = (counts: Float32Array, newest: number, step: number) =>
  counts.map((count, item) => count + (item === (newest + 1) % counts.length ? step : 0));

export const successor = defineTrainer<"recommend", Record<string, never>>({
  kind: "successor",
  task: "recommend",
  version: 1,
  title: "Successor",
  summary: "A toy: what comes after the newest item.",
  complexity: 5,
  seeded: false,
  needs: ["order", "time"],
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
      score(own, _weights, { ordered } = {}) {
        const hasPassed = ordered?.ages.some((age) => age > 0) === true;
        return lift(counts, ordered?.items.at(-1) ?? own.at(-1) ?? 0, hasPassed ? 1 : -1);
      },
      fragment: {
        itemCount: items,
        bytes: 4 * items,
        needs: ["order", "time"],
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
          const next01 = graph.node("Cast", [isNext], { attributes: { to: "float32" } });
          const passed = graph.node("ReduceMax", [ordered!.age!, int("entries", 1)], {
            attributes: { keepdims: 1 },
          });
          const step = graph.node("Where", [
            graph.node("Greater", [passed, graph.constant("none", float32Tensor([0], []))]),
            graph.constant("up", float32Tensor([1], [])),
            graph.constant("down", float32Tensor([-1], [])),
          ]);
          const lifted = graph.node("Mul", [next01, step]);
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

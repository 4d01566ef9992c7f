/** Toys of `hierarchical`: draws around one mean, and around the mean of each group of the widest level. */
import { float32Tensor, int64Tensor } from "@attune/onnx";
import { defineTrainer, type Family, hierarchicalTask, type RowData } from "@attune/train";
import * as z from "zod";

const drawCount = 40;

/** `[levels + 1, draws]`: row 0 is the population. Draws are evenly spaced quantiles of ±2 deviations. */
function drawTable({ table, target, levels }: RowData, byGroup: boolean) {
  const column = table.columns.find(({ name }) => name === levels![0]);
  if (column?.kind !== "category" || target.kind !== "number") throw new Error("no groups or no number");
  const y = target.data;
  const groups = [-1, ...column.levels.keys()].map((level) =>
    y.filter((_, row) => level < 0 || !byGroup || column.codes[row] === level),
  );
  const data = groups.flatMap((values) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
    return Array.from(
      { length: drawCount },
      (_, draw) => mean + deviation * ((4 * draw) / (drawCount - 1) - 2),
    );
  });
  return {
    draws: { dtype: "float32", dims: [groups.length, drawCount], data: Float32Array.from(data) },
  } as const;
}

const trainer = (kind: string, complexity: number, byGroup: boolean) =>
  defineTrainer<"hierarchical", Record<string, never>>({
    kind,
    task: "hierarchical",
    version: 1,
    title: kind,
    summary: "A toy: draws around a mean.",
    complexity,
    seeded: false,
    configSchema: z.strictObject({}),
    candidates: () => [{}],
    projectBytes: () => 4 * drawCount,
    fit: async (data) => drawTable(data, byGroup),
    restore(hyperparameters, tensors, { columns, levels }) {
      const { data, dims } = tensors.draws as { data: Float32Array; dims: readonly number[] };
      const uses = levels.map((level) => columns.find(({ name }) => name === level)!);
      const rowOf = (code: number) =>
        data.subarray((Math.max(-1, code) + 1) * drawCount).subarray(0, drawCount);
      return {
        kind,
        description: "Draws around a mean.",
        hyperparameters,
        tensors: () => tensors,
        predict(table) {
          const { codes, missing } = table.columns.find(({ name }) => name === levels[0]) as {
            codes: Int32Array;
            missing?: Uint8Array;
          };
          return Float64Array.from([...codes].flatMap((code, row) => [...rowOf(missing?.[row] ? -2 : code)]));
        },
        fragment: {
          bytes: 4 * data.length,
          columns: uses,
          levels,
          drawCount,
          build(graph, encoded) {
            const { code } = encoded[levels[0]!] as Extract<(typeof encoded)[string], { kind: "category" }>;
            const known = graph.node("Max", [code, graph.constant("none", int64Tensor([-1]))]);
            const row = graph.node("Add", [known, graph.constant("one", int64Tensor([1]))]);
            const flat = graph.node("Reshape", [row, graph.constant("flat", int64Tensor([-1]))]);
            return graph.node("Gather", [graph.constant("draws", float32Tensor(data, [...dims])), flat]);
          },
        },
      };
    },
  });

export const hierarchicalFamily: Family<"hierarchical"> = {
  task: hierarchicalTask,
  trainers: [trainer("population", 0, false), trainer("groups", 10, true)],
};

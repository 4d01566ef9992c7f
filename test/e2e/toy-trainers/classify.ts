/** Toys of `classify`: how often each class is, and how often it is per level of the first category column. */
import type { Column } from "@attune/contracts";
import { float32Tensor, int64Tensor } from "@attune/onnx";
import { classifyTask, defineTrainer, type Family, type RowData } from "@attune/train";
import * as z from "zod";

const isCategory = (column: Column) => column.kind === "category";

/** `[levels, classes]` shares, one more of each than there was. */
function shares({ table, target }: RowData, byLevel: boolean) {
  const column = table.columns.find(isCategory);
  if (column?.kind !== "category" || target.kind !== "category") throw new Error("no categories");
  const rows = column.levels.map((_, level) =>
    target.levels.map((_, label) => {
      const isHere = (row: number) => !byLevel || column.codes[row] === level;
      return 1 + target.codes.filter((code, row) => code === label && isHere(row)).length;
    }),
  );
  const data = rows.flatMap((row) => row.map((count) => count / row.reduce((a, b) => a + b)));
  const dims = [column.levels.length, target.levels.length];
  return { shares: { dtype: "float32", dims, data: Float32Array.from(data) } } as const;
}

const trainer = (kind: string, complexity: number, byLevel: boolean) =>
  defineTrainer<"classify", Record<string, never>>({
    kind,
    task: "classify",
    version: 1,
    title: kind,
    summary: "A toy: shares of the classes.",
    complexity,
    seeded: false,
    configSchema: z.strictObject({}),
    candidates: () => [{}],
    projectBytes: ({ classCount }) => 4 * classCount,
    fit: async (data) => shares(data, byLevel),
    restore(hyperparameters, tensors, { columns, classes }) {
      const { data, dims } = tensors.shares as { data: Float32Array; dims: readonly number[] };
      const column = columns.find(({ kind }) => kind === "category")!;
      const rowOf = (code: number) =>
        Array.from(data.subarray(Math.max(0, code) * classes.length).subarray(0, classes.length));
      return {
        kind,
        description: "Shares of the classes.",
        hyperparameters,
        tensors: () => tensors,
        predict: (table) => {
          const { codes, missing } = table.columns.find(({ name }) => name === column.name) as {
            codes: Int32Array;
            missing?: Uint8Array;
          };
          return Float64Array.from([...codes].flatMap((code, row) => rowOf(missing?.[row] ? -2 : code)));
        },
        fragment: {
          bytes: 4 * data.length,
          columns: [column],
          classes,
          build(graph, encoded) {
            const { code } = encoded[column.name] as Extract<(typeof encoded)[string], { kind: "category" }>;
            const known = graph.node("Max", [code, graph.constant("first", int64Tensor([0]))]);
            const flat = graph.node("Reshape", [known, graph.constant("flat", int64Tensor([-1]))]);
            return graph.node("Gather", [graph.constant("shares", float32Tensor(data, [...dims])), flat]);
          },
        },
      };
    },
  });

export const classifyFamily: Family<"classify"> = {
  task: classifyTask,
  trainers: [trainer("prior", 0, false), trainer("by-level", 10, true)],
};

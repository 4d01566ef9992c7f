/** Toys of `regress`: the mean, and the line through the origin with bounds. */
import { float32Tensor } from "@attune/onnx";
import { defineTrainer, type Family, type RowData, regressTask } from "@attune/train";
import * as z from "zod";

const numbers = (data: RowData) => ({
  x: (data.table.columns.find(({ kind }) => kind === "number") as { data: Float64Array }).data,
  y: (data.target as { data: Float64Array }).data,
});
const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);

const trainer = (
  kind: string,
  complexity: number,
  solve: (x: Float64Array, y: Float64Array) => [number, number],
) =>
  defineTrainer<"regress", Record<string, never>>({
    kind,
    task: "regress",
    version: 1,
    title: kind,
    summary: "A toy: slope and intercept.",
    complexity,
    seeded: false,
    configSchema: z.strictObject({}),
    candidates: () => [{}],
    projectBytes: () => 8,
    async fit(data) {
      const { x, y } = numbers(data);
      return { line: { dtype: "float32", dims: [2], data: Float32Array.from(solve(x, y)) } };
    },
    restore(hyperparameters, tensors, { columns }) {
      const [slope = 0, intercept = 0] = tensors.line!.data as Float32Array;
      const column = columns.find(({ kind }) => kind === "number")!;
      return {
        kind,
        description: `${kind}: ${slope} x + ${intercept}`,
        hyperparameters,
        tensors: () => tensors,
        predict(table) {
          const { data, missing } = table.columns.find(({ name }) => name === column.name) as {
            data: Float64Array;
            missing?: Uint8Array;
          };
          const value = data.map((x, row) => (missing?.[row] ? 0 : Math.fround(x)) * slope + intercept);
          return { value, lower: value.map((one) => one - 1), upper: value.map((one) => one + 1) };
        },
        fragment: {
          bytes: 8,
          columns: [column],
          build(graph, encoded) {
            const { value } = encoded[column.name] as Extract<(typeof encoded)[string], { kind: "number" }>;
            const scalar = (name: string, number: number) =>
              graph.constant(name, float32Tensor([number], []));
            const known = graph.node("Where", [graph.node("IsNaN", [value]), scalar("none", 0), value]);
            const line = graph.node("Add", [
              graph.node("Mul", [known, scalar("slope", slope)]),
              scalar("intercept", intercept),
            ]);
            const one = scalar("one", 1);
            return {
              value: line,
              lower: graph.node("Sub", [line, one]),
              upper: graph.node("Add", [line, one]),
            };
          },
        },
      };
    },
  });

export const regressFamily: Family<"regress"> = {
  task: regressTask,
  trainers: [
    trainer("mean", 0, (_, y) => [0, sum(y) / y.length]),
    trainer("line", 10, (x, y) => [
      sum(x.map((value, row) => value * y[row]!)) / sum(x.map((value) => value ** 2)),
      0,
    ]),
  ],
};

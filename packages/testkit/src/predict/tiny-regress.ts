/** The tiny columns' number itself, one up and one down. */
import { addContext, contextConstants } from "../columns/context-graph.ts";
import { columnInputs, tinyColumns, tinyContext } from "../columns/tiny-columns.ts";
import { collectNodes } from "../graph-nodes.ts";
import { encodeOnnx } from "../onnx-bytes.ts";
import { float32, int64 } from "../tensors.ts";
import { contextRows } from "./context-rows.ts";
import type { TinyTask } from "./tiny-task.ts";

const inputs = columnInputs(tinyColumns);
const outputs = (["value", "lower", "upper"] as const).map(
  (name) => ({ name, dtype: "float32", dims: ["batch"] }) as const,
);

export const tinyRegress: TinyTask<"regress"> = {
  task: "regress",
  columns: tinyColumns,
  signature: { inputs, outputs },
  encode() {
    const { nodes, node } = collectNodes();
    addContext(node);
    node("value", "Squeeze", "context axis");
    node("lower", "Sub", "value one");
    node("upper", "Add", "value one");
    const constants = { ...contextConstants, axis: int64([1n]), one: float32([1], []) };
    return encodeOnnx({ inputs, outputs, nodes, constants });
  },
  predict(row) {
    const value = Math.fround(tinyContext(row));
    return { value, lower: Math.fround(value - 1), upper: Math.fround(value + 1) };
  },
  outputs: (answers) => ({
    value: float32(answers.map(({ value }) => value)),
    lower: float32(answers.map(({ lower }) => lower!)),
    upper: float32(answers.map(({ upper }) => upper!)),
  }),
  rows: contextRows,
  golden: (rows) => ({ schemaVersion: 2, task: "regress", reference: "plain TypeScript", rows }),
  manifest: (fields) => ({ ...fields, task: "regress" }),
};

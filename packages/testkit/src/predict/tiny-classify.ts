/** Three classes by the tiny columns' number x: softmax of (0, x, −x). */
import type { ValueInfo } from "@attune/contracts";
import { addContext, contextConstants } from "../columns/context-graph.ts";
import { columnInputs, tinyColumns, tinyContext } from "../columns/tiny-columns.ts";
import { collectNodes } from "../graph-nodes.ts";
import { encodeOnnx } from "../onnx-bytes.ts";
import { float32, strings } from "../tensors.ts";
import { contextRows } from "./context-rows.ts";
import type { TinyTask } from "./tiny-task.ts";

/** Names that an object would hold in another order. */
export const tinyClasses = ["none", "10", "2"] as const;

const inputs = columnInputs(tinyColumns);
const outputs: readonly ValueInfo[] = [
  { name: "label", dtype: "string", dims: ["batch"] },
  { name: "probabilities", dtype: "float32", dims: ["batch", tinyClasses.length] },
];

export const tinyClassify: TinyTask<"classify"> = {
  task: "classify",
  columns: tinyColumns,
  signature: { inputs, outputs },
  encode() {
    const { nodes, node } = collectNodes();
    addContext(node);
    node("logits", "Mul", "context signs");
    node("probabilities", "Softmax", "logits", { axis: 1 });
    node("best", "ArgMax", "probabilities", { axis: 1, keepdims: 0 });
    node("label", "Gather", "classes best");
    const constants = {
      ...contextConstants,
      signs: float32([0, 1, -1], [1, 3]),
      classes: strings([...tinyClasses]),
    };
    return encodeOnnx({ inputs, outputs, nodes, constants });
  },
  predict(row) {
    const x = tinyContext(row);
    const weights = [1, Math.exp(x), Math.exp(-x)];
    const sum = weights.reduce((total, weight) => total + weight);
    const best = weights.indexOf(Math.max(...weights));
    return {
      label: tinyClasses[best]!,
      probabilities: Object.fromEntries(
        tinyClasses.map((name, index) => [name, Math.fround(weights[index]! / sum)]),
      ),
    };
  },
  outputs: (answers) => ({
    label: strings(answers.map(({ label }) => label)),
    probabilities: float32(
      answers.flatMap(({ probabilities }) => tinyClasses.map((name) => probabilities[name]!)),
      [answers.length, tinyClasses.length],
    ),
  }),
  rows: contextRows,
  golden: (rows) => ({
    schemaVersion: 2,
    task: "classify",
    reference: "plain TypeScript",
    classes: [...tinyClasses],
    rows,
  }),
  manifest: (fields) => ({ ...fields, task: "classify", classes: [...tinyClasses] }),
};

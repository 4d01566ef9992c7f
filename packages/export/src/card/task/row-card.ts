/** The card of a task that answers row by row. */
import type { RawValue } from "@attune/contracts";
import type { InputColumn } from "@attune/contracts/manifest";
import { countUnits } from "../../report/unit-words.ts";
import type { RowCard } from "./card-of-task.ts";
import { describeColumns, feedOf } from "./columns.ts";

export interface RowCardOptions {
  readonly hubTask: string;
  readonly tags: readonly string[];
  readonly promise: string;
  /** What one run answers, and what not. */
  readonly use: string;
  /** The graph's outputs that the ten lines print. */
  readonly outputs: readonly string[];
  readonly limits: readonly string[];
}

export function createRowCard({ use, outputs, limits, ...words }: RowCardOptions): RowCard {
  return {
    ...words,
    use: ({ manifest, dataset }) =>
      `${use.replace("TARGET", `\`${dataset.target}\``)}${describeColumns(manifest.inputs)}`,
    snippet: ({ manifest }) => {
      const lines = manifest.inputs.map((column) => `  ${feedOf(column, exampleOf(column))},`);
      return `import { InferenceSession, Tensor } from "onnxruntime-node";
const session = await InferenceSession.create("model.onnx");
const { ${outputs.join(", ")} } = await session.run({ // one row; any number of rows goes in one run
${lines.join("\n")}
});
process.stdout.write(JSON.stringify({ ${outputs.map((name) => `${name}: [...${name}.data]`).join(", ")} }));`;
    },
    holds: "The file holds the values of category columns and the weights of the model; no rows.",
    evaluation: ({ training }) => `Answers to ${countUnits(training.units.test, training.unit)} of the test`,
    limits: () => [
      ...limits,
      "Numbers are float32. Missing values are NaN or an empty text.",
      "The model knows its data, with the biases of that data; far from it, it guesses.",
    ],
  };
}

/** A value that the data had, or a plain one. */
function exampleOf({ kind, levels }: InputColumn): RawValue {
  const level = levels?.[0];
  if (kind === "number") return 1;
  if (kind === "set") return level === undefined ? [] : [level];
  return level ?? "some text";
}

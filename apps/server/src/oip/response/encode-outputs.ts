/** Answers to the graph's outputs, as docs/artifact.md has them: what a client of the bare file would read. */
import type {
  DataType,
  Prediction,
  Recommendation,
  Tensor,
  TensorDataMap,
  ValueInfo,
} from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { defaultK } from "@attune/runtime";
import type { AnyAnswer } from "../../execution/any-request.ts";

export interface Answered {
  readonly manifest: ArtifactManifest;
  /** One a row, in their order. */
  readonly answers: readonly AnyAnswer[];
  /** Items asked for; `undefined`: the usual number. */
  readonly k: number | undefined;
}

/** One output of the signature for a batch of answers. */
export function encodeOutput(output: ValueInfo, { manifest, answers, k = defaultK }: Answered): Tensor {
  if (manifest.task === "recommend") {
    return slateOutputs[output.name as keyof typeof slateOutputs](answers as readonly Recommendation[], k);
  }
  if (manifest.task === "classify" && output.name === "probabilities") {
    return probabilities(answers as readonly Prediction<"classify">[], manifest.classes);
  }
  const values = answers.map((answer) => (answer as Readonly<Record<string, unknown>>)[output.name]);
  const dims = [answers.length];
  if (output.dtype === "string") return { dtype: "string", dims, data: values as string[] };
  return { dtype: "float32", dims, data: Float32Array.from(values as number[]) };
}

/** By name; lists are padded to k. */
const slateOutputs = {
  items: (answers, k) =>
    padded(
      "string",
      answers.map(({ ids }) => ids),
      k,
      new Array<string>(answers.length * k).fill(""),
    ),
  scores: (answers, k) =>
    padded(
      "float32",
      answers.map(({ scores }) => scores),
      k,
      new Float32Array(answers.length * k).fill(Number.NaN),
    ),
  source: (answers) => ({
    dtype: "string",
    dims: [answers.length],
    data: answers.map(({ source }) => source),
  }),
  unknown: (answers) => ({
    dtype: "int64",
    dims: [answers.length],
    data: BigInt64Array.from(answers, ({ unknown }) => BigInt(unknown)),
  }),
} satisfies Readonly<Record<string, (answers: readonly Recommendation[], k: number) => Tensor>>;

/** Rows of at most k values into the padding. */
function padded<D extends "string" | "float32">(
  dtype: D,
  rows: readonly (readonly TensorDataMap[D][number][])[],
  k: number,
  padding: D extends "string" ? string[] : Float32Array,
): Tensor {
  const data = padding as TensorDataMap[DataType][number][];
  rows.forEach((row, r) => {
    for (let index = 0; index < row.length; index++) data[r * k + index] = row[index]!;
  });
  return { dtype, dims: [rows.length, k], data: padding } as Tensor;
}

function probabilities(answers: readonly Prediction<"classify">[], classes: readonly string[]): Tensor {
  const data = new Float32Array(answers.length * classes.length);
  answers.forEach((answer, row) => {
    classes.forEach((name, index) => {
      data[row * classes.length + index] = answer.probabilities[name]!;
    });
  });
  return { dtype: "float32", dims: [answers.length, classes.length], data };
}

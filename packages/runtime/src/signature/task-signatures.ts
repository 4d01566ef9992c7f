/** What each task feeds and reads, beside the columns of the manifest (docs/artifact.md). */
import type { DataType, TaskName } from "@attune/contracts";

type NamedTypes = Readonly<Record<string, DataType>>;

export interface TaskSignature {
  readonly inputs: NamedTypes;
  /** Fed where the graph declares them. */
  readonly optionalInputs: NamedTypes;
  readonly outputs: NamedTypes;
  /** Read where the graph has them: all of them, or none. */
  readonly optionalOutputs: NamedTypes;
}

const bounds: NamedTypes = { lower: "float32", upper: "float32" };
const none: NamedTypes = {};

/** Total: a new task does not compile until it says what it feeds and reads. */
export const taskSignatures: Readonly<Record<TaskName, TaskSignature>> = {
  recommend: {
    inputs: {
      history: "string",
      history_weight: "float32",
      exclude: "string",
      allow: "string",
      k: "int64",
    },
    optionalInputs: { history_time: "float64" },
    outputs: { items: "string", scores: "float32", source: "string", unknown: "int64" },
    optionalOutputs: none,
  },
  classify: {
    inputs: none,
    optionalInputs: none,
    outputs: { label: "string", probabilities: "float32" },
    optionalOutputs: none,
  },
  regress: { inputs: none, optionalInputs: none, outputs: { value: "float32" }, optionalOutputs: bounds },
  hierarchical: {
    inputs: none,
    optionalInputs: none,
    outputs: { mean: "float32", ...bounds, level: "string" },
    optionalOutputs: none,
  },
};

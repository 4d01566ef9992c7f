/** The graph's outputs to one typed answer per row, by task. */
import type { Prediction, PredictTask, Tensor } from "@attune/contracts";

type Outputs = Readonly<Record<string, Tensor>>;

/** @param classes - in the order of the graph's `probabilities`; other tasks have none. */
type Decode<T extends PredictTask> = (outputs: Outputs, classes: readonly string[]) => Prediction<T>[];

const numbers = (outputs: Outputs, name: string) => outputs[name]!.data as Float32Array;
const texts = (outputs: Outputs, name: string) => outputs[name]!.data as readonly string[];

const decoders: { readonly [T in PredictTask]: Decode<T> } = {
  classify(outputs, classes) {
    const probabilities = numbers(outputs, "probabilities");
    return texts(outputs, "label").map((label, row) => ({
      label,
      probabilities: Object.fromEntries(
        classes.map((name, index) => [name, probabilities[row * classes.length + index]!]),
      ),
    }));
  },
  regress(outputs) {
    const values = Array.from(numbers(outputs, "value"), (value) => ({ value }));
    if (outputs.lower === undefined || outputs.upper === undefined) return values;
    const lower = numbers(outputs, "lower");
    const upper = numbers(outputs, "upper");
    return values.map(({ value }, row) => ({ value, lower: lower[row]!, upper: upper[row]! }));
  },
  hierarchical(outputs) {
    const lower = numbers(outputs, "lower");
    const upper = numbers(outputs, "upper");
    const levels = texts(outputs, "level");
    return Array.from(numbers(outputs, "mean"), (mean, row) => ({
      mean,
      lower: lower[row]!,
      upper: upper[row]!,
      level: levels[row]!,
    }));
  },
};

/** One answer per row of the batch. */
export function decodePredictions<T extends PredictTask>(
  task: T,
  outputs: Outputs,
  classes: readonly string[],
): Prediction<T>[] {
  return decoders[task](outputs, classes);
}

/** Weights of classes → weights of rows, as tfjs's `fit` makes them. */
import type { Tensor } from "@attune/contracts";
import type { Batch } from "../tensors.ts";

/** Weight of each class by its number. */
export type ClassWeights = Readonly<Record<number, number>>;

/**
 * Multiplies the rows' weights (1 where there are none) by those of their classes.
 *
 * @param target - `[rows, 1]` class numbers or `[rows, classes]` one-hot.
 * @returns the weights `[rows]`, or what is wrong.
 */
export function weighClasses(
  target: Tensor,
  classWeights: ClassWeights,
  given: Tensor | undefined,
): Tensor | string[] {
  const [rows = 0, width = 1] = target.dims;
  if (target.dims.length > 2)
    return [`it has ${target.dims.length} axes; class weights need [rows] or [rows, classes]`];
  const values = target.data as Float32Array;
  const data = new Float32Array(rows);
  const missing = new Set<number>();
  for (let row = 0; row < rows; row++) {
    const label = width === 1 ? (values[row] ?? 0) : argMax(values, row * width, width);
    const weight = classWeights[label];
    if (weight === undefined) missing.add(label);
    data[row] = (weight ?? 0) * Number(given?.data[row] ?? 1);
  }
  if (missing.size === 0) return { dtype: "float32", dims: [rows], data };
  return [`class ${[...missing].sort((a, b) => a - b).join(", ")} has no weight`];
}

function argMax(values: Float32Array, start: number, count: number): number {
  let best = 0;
  for (let at = 1; at < count; at++) {
    if ((values[start + at] ?? 0) > (values[start + best] ?? 0)) best = at;
  }
  return best;
}

/** Columns of weights for all outputs, ones where the data has none. */
export function fillWeights(data: Batch, weightNames: readonly string[], rows: number): Batch {
  const filled: Record<string, Tensor> = { ...data };
  for (const name of weightNames) {
    filled[name] ??= { dtype: "float32", dims: [rows], data: new Float32Array(rows).fill(1) };
  }
  return filled;
}

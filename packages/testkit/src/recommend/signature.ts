/** Inputs and outputs of the recommend graph, signature version 2. */
import type { ValueInfo } from "@attune/contracts";
import { columnInputs, tinyColumns } from "../columns/tiny-columns.ts";

export const secondsPerDay = 86_400;

/** @param contextual - with `history_time` and the tiny columns. */
export function recommendInputs(contextual = false): readonly ValueInfo[] {
  return [
    { name: "history", dtype: "string", dims: ["batch", "length"] },
    { name: "history_weight", dtype: "float32", dims: ["batch", "length"] },
    ...(contextual ? [{ name: "history_time", dtype: "float64", dims: ["batch", "length"] } as const] : []),
    { name: "exclude", dtype: "string", dims: ["batch", "excluded"] },
    { name: "allow", dtype: "string", dims: ["batch", "allowed"] },
    ...(contextual ? columnInputs(tinyColumns) : []),
    { name: "k", dtype: "int64", dims: [1] },
  ];
}

export const recommendOutputs: readonly ValueInfo[] = [
  { name: "items", dtype: "string", dims: ["batch", "k"] },
  { name: "scores", dtype: "float32", dims: ["batch", "k"] },
  { name: "source", dtype: "string", dims: ["batch"] },
  { name: "unknown", dtype: "int64", dims: ["batch"] },
];

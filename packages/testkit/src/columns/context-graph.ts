/** The tiny columns' one number as ONNX nodes. */
import type { Tensor } from "@attune/contracts";
import type { AddNode } from "../graph-nodes.ts";
import { float32, int64, strings } from "../tensors.ts";
import { tinyEffects } from "./tiny-columns.ts";

/** Constants that `addContext` reads. */
export const contextConstants: Readonly<Record<string, Tensor>> = {
  no_effect: float32([0], []),
  per_year: float32([tinyEffects.perYear], []),
  context_axis: int64([1n]),
  ...Object.fromEntries(
    (["at", "日本", "new", "sale", "gift"] as const).flatMap((name) => [
      [`text_${name}`, strings([name], [])],
      [`effect_${name}`, float32([tinyEffects[name]], [])],
    ]),
  ),
};

/** Adds nodes from the inputs `age country tags note` to `context`, float32 `[batch, 1]`. */
export function addContext(node: AddNode): void {
  node("age_is_missing", "IsNaN", "age");
  node("age_or_zero", "Where", "age_is_missing no_effect age");
  node("context_age", "Mul", "age_or_zero per_year");
  const terms: string[] = ["context_age"];
  for (const [column, name] of [
    ["country", "at"],
    ["country", "日本"],
    ["tags", "new"],
    ["tags", "sale"],
    ["note", "gift"],
  ] as const) {
    node(`is_${name}`, "Equal", `${column} text_${name}`);
    node(`worth_${name}`, "Where", `is_${name} effect_${name} no_effect`);
    node(`context_${name}`, "ReduceSum", `worth_${name} context_axis`, { keepdims: 1 });
    terms.push(`context_${name}`);
  }
  node("context", "Sum", terms.join(" "));
}

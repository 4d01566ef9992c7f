import type { Model } from "@attune/onnx";

/**
 * Float constants of a model that hold NaN or infinity, one line each.
 *
 * @param except - prefix of constants that may (the ranking's own −∞ and NaN).
 */
export function listNotFinite(model: Model, except: string): readonly string[] {
  const lines: string[] = [];
  for (const [name, tensor] of model.graph.initializers) {
    if (name.startsWith(except) || (tensor.dtype !== "float32" && tensor.dtype !== "float64")) continue;
    let count = 0;
    for (let index = 0; index < tensor.data.length; index++) {
      if (!Number.isFinite(tensor.data[index])) count += 1;
    }
    if (count > 0)
      lines.push(`${name} [${tensor.dims.join(", ")}]: ${count} of ${tensor.data.length} values`);
  }
  return lines;
}

import { allGraphs, type Model } from "@attune/onnx";

/**
 * Float constants of a model that hold NaN or infinity, one line each; those inside of branches too.
 *
 * @param except - prefix of constants that may (the ranking's own −∞ and NaN). Default: none.
 */
export function listNotFinite(model: Model, except?: string): readonly string[] {
  const constants = [...allGraphs(model.graph)].flatMap(({ initializers }) => [...initializers]);
  return constants.flatMap(([name, tensor]) => {
    if (except !== undefined && name.startsWith(except)) return [];
    if (tensor.dtype !== "float32" && tensor.dtype !== "float64") return [];
    let count = 0;
    for (let index = 0; index < tensor.data.length; index++) {
      if (!Number.isFinite(tensor.data[index])) count += 1;
    }
    const of = `${count} of ${tensor.data.length} values`;
    return count > 0 ? [`${name} [${tensor.dims.join(", ")}]: ${of}`] : [];
  });
}

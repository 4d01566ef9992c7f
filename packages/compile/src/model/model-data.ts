/** Data for a model in the forms that tfjs users have it: `x` and `y`, whole numbers, labels without a second axis. */
import type { Tensor } from "@attune/contracts";
import type { InputSpec, Signature } from "@attune/trace";
import type { Batch } from "../tensors.ts";

export interface ModelDataForm {
  readonly inputNames: readonly string[];
  readonly targetNames: readonly string[];
  readonly weightNames: readonly string[];
  readonly signature: Signature;
}

/**
 * The same values under the names, with the dtypes and ranks of the signature; `x`, `y` and `weight` where there is one
 * of each. What does not fit stays as it is.
 */
export function prepareModelData(form: ModelDataForm, data: Batch): Batch {
  const { signature } = form;
  const aliases = new Map<string, string>();
  const alias = (short: string, names: readonly string[]) => {
    const [only] = names;
    if (names.length === 1 && only !== undefined && !(short in signature)) aliases.set(short, only);
  };
  alias("x", form.inputNames);
  alias("y", form.targetNames);
  alias("weight", form.weightNames);
  return Object.fromEntries(
    Object.entries(data).map(([given, tensor]) => {
      const name = aliases.get(given) ?? given;
      const isWeight = form.weightNames.includes(name);
      const spec = isWeight ? ({ dtype: "float32", dims: ["batch"] } as const) : signature[name];
      return [name, spec === undefined ? tensor : conform(tensor, spec)];
    }),
  );
}

function conform(tensor: Tensor, spec: InputSpec): Tensor {
  const converted = convert(tensor, spec.dtype);
  const { dims } = converted;
  // Labels [rows] for [rows, 1], as tfjs takes them.
  const isColumn = dims?.length === spec.dims.length - 1 && spec.dims.at(-1) === 1;
  return isColumn ? ({ ...converted, dims: [...dims, 1] } as Tensor) : converted;
}

/** Whole numbers as float32, which holds them exactly up to 2²⁴. */
function convert(tensor: Tensor, dtype: InputSpec["dtype"]): Tensor {
  const isWhole = tensor.dtype === "int32" || tensor.dtype === "bool";
  if (dtype !== "float32" || !isWhole) return tensor;
  return { dtype, dims: tensor.dims, data: Float32Array.from(tensor.data) };
}

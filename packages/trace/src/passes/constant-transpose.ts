/** Weights are written in the order in which their op reads them. */
import { float32Tensor } from "@attune/onnx";
import { constantTensor, type Rule } from "./rewrite.ts";

/** Transpose of a float32 constant that nothing else uses is a constant. */
export const foldTranspose: Rule = ({ op, inputs, outputs, attributes }, { uses }) => {
  const [x] = inputs;
  const [y] = outputs;
  const tensor = constantTensor(x);
  if (op !== "Transpose" || tensor?.dtype !== "float32" || y === undefined) return undefined;
  if (x?.source.kind !== "constant" || uses(x) > 1) return undefined;
  const perm = attributes.perm as readonly number[];
  const dims = perm.map((axis) => tensor.dims[axis] ?? 1);
  const folded = float32Tensor(transposed(tensor.data, tensor.dims, perm), dims);
  return [{ ...y, source: { kind: "constant", tensor: folded, name: x.source.name } }];
};

/** Row-major data with axis `perm[i]` as axis i. */
function transposed(data: Float32Array, dims: readonly number[], perm: readonly number[]): Float32Array {
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((product, size) => product * size, 1));
  const steps = perm.map((axis) => strides[axis] ?? 1);
  const sizes = perm.map((axis) => dims[axis] ?? 1);
  const result = new Float32Array(data.length);
  const index = sizes.map(() => 0);
  let from = 0;
  for (let at = 0; at < result.length; at++) {
    result[at] = data[from] ?? 0;
    // The last axis runs first; one that is through goes back to its start.
    for (let axis = index.length - 1; axis >= 0; axis--) {
      const [size = 1, step = 1, place = 0] = [sizes[axis], steps[axis], index[axis]];
      const isThrough = place + 1 === size;
      index[axis] = isThrough ? 0 : place + 1;
      from += isThrough ? -place * step : step;
      if (!isThrough) break;
    }
  }
  return result;
}

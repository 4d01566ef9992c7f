/** Products of transposed matrices on tfjs's wasm backend, of which every gradient of a dense layer is one. */
import * as tf from "@tensorflow/tfjs-core";

const products = ["BatchMatMul", "_FusedMatMul"];
let isDone = false;

/**
 * The backend multiplies plain matrices by a fast library and transposed ones by a plain loop, seven times slower on
 * 64 × 1955 by 1955 × 64. From now on it transposes first. The numbers are the same but for the order of sums.
 */
export function transposeBeforeProducts(): void {
  const transpose = tf.getKernel("Transpose", "wasm");
  if (isDone || transpose === undefined) return;
  isDone = true;
  for (const kernelName of products) {
    const config = tf.getKernel(kernelName, "wasm");
    if (config === undefined) continue;
    tf.unregisterKernel(kernelName, "wasm");
    tf.registerKernel({ ...config, kernelFunc: transposeFirst(config.kernelFunc, transpose.kernelFunc) });
  }
}

function transposeFirst(multiply: tf.KernelFunc, transpose: tf.KernelFunc): tf.KernelFunc {
  return ({ inputs, attrs = {}, backend }) => {
    const made: tf.TensorInfo[] = [];
    const swap = (name: "a" | "b", isTransposed: unknown): tf.NamedTensorInfoMap => {
      const x = inputs[name];
      if (isTransposed !== true || x === undefined) return {};
      const perm = x.shape.map((_, axis) => axis);
      perm.push(...perm.splice(-2).reverse());
      const swapped = transpose({ inputs: { x }, attrs: { perm }, backend }) as tf.TensorInfo;
      made.push(swapped);
      return { [name]: swapped };
    };
    const { transposeA, transposeB } = attrs;
    const output = multiply({
      inputs: { ...inputs, ...swap("a", transposeA), ...swap("b", transposeB) },
      attrs: { ...attrs, transposeA: false, transposeB: false },
      backend,
    });
    for (const { dataId } of made) (backend as tf.KernelBackend).disposeData(dataId);
    return output;
  };
}

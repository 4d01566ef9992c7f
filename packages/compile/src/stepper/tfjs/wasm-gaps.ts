/** Kernels that training needs and tfjs's wasm backend lacks: computed by the plain JavaScript backend instead. */
import * as tf from "@tensorflow/tfjs-core";

/** Gradients of convolutions and embeddings, and products over named axes. @see https://github.com/tensorflow/tfjs/issues/8082 */
const gaps = [
  "Conv2DBackpropFilter",
  "DepthwiseConv2dNativeBackpropFilter",
  "DepthwiseConv2dNativeBackpropInput",
  "Einsum",
  "UnsortedSegmentSum",
];

/** Once both backends have started. Kernels that wasm has are left alone. */
export function fillWasmGaps(): void {
  for (const kernelName of gaps) {
    const config = tf.getKernel(kernelName, "cpu");
    if (config === undefined || tf.getKernel(kernelName, "wasm") !== undefined) continue;
    tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc: runOnCpu(config) });
  }
}

function runOnCpu({ kernelFunc }: tf.KernelConfig): tf.KernelFunc {
  return ({ inputs, attrs, backend: wasm }) => {
    const cpu = tf.engine().findBackend("cpu");
    const move = ({ dataId, shape, dtype }: tf.TensorInfo, from: unknown, to: unknown): tf.TensorInfo => {
      const values = (from as tf.KernelBackend).readSync(dataId);
      return { dataId: (to as tf.KernelBackend).write(values, shape, dtype) as object, shape, dtype };
    };
    // An array where a kernel takes any number of inputs.
    const moved = (Array.isArray(inputs) ? [] : {}) as tf.NamedTensorInfoMap;
    for (const [name, input] of Object.entries(inputs)) moved[name] = input && move(input, wasm, cpu);
    const result = kernelFunc({ inputs: moved, backend: cpu, ...(attrs && { attrs }) }) as tf.TensorInfo;
    const output = move(result, cpu, wasm);
    for (const info of [...Object.values(moved), result]) if (info) cpu.disposeData(info.dataId, true);
    return output;
  };
}

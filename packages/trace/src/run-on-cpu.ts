/** tfjs's own cpu kernels, for numbers that are known while tracing. */
import { AttuneError, type Tensor } from "@attune/contracts";
import "@tensorflow/tfjs-backend-cpu";
import { boolTensor, float32Tensor, int32Tensor } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";

type CpuBackend = tf.KernelBackend;

function cpuBackend(): CpuBackend {
  return tf.engine().findBackend("cpu");
}

/** Runs one kernel on tfjs-backend-cpu. */
export function runOnCpu(
  kernel: string,
  inputs: Readonly<Record<string, Tensor>>,
  attrs: tf.NamedAttrMap,
): Tensor[] {
  const backend = cpuBackend();
  const infos = Object.fromEntries(
    Object.entries(inputs).map(([name, { dtype, dims, data }]) => {
      const shape = [...dims];
      const dataId = backend.write(data as Float32Array, shape, dtype as tf.DataType);
      return [name, { dataId, shape, dtype: dtype as tf.DataType }];
    }),
  );
  // Kernels of any number of inputs take them as an array.
  const given = "0" in infos ? (Object.values(infos) as unknown as tf.NamedTensorInfoMap) : infos;
  const out = tf.getKernel(kernel, "cpu").kernelFunc({ inputs: given, attrs, backend });
  const results = (Array.isArray(out) ? out : [out]).map(({ dataId, shape, dtype }) =>
    copyTensor(backend.readSync(dataId) as Float32Array, shape, dtype),
  );
  const held = [...Object.values(infos), ...(Array.isArray(out) ? out : [out])];
  for (const { dataId } of held) backend.disposeData(dataId, true);
  return results;
}

/** What the kernel gives for zeros: a stand-in of the right shape. `undefined` where tfjs cannot run it either. */
export function runOnZeros(
  kernel: string,
  infos: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
): Tensor[] | undefined {
  if (tf.getKernel(kernel, "cpu") === undefined) return undefined;
  const inputs: Record<string, Tensor> = {};
  for (const [name, info] of Object.entries(infos)) {
    if (info === undefined || info === null) continue;
    const zeros = new Float32Array(info.shape.reduce((product, dim) => product * dim, 1));
    inputs[name] = copyTensor(zeros, info.shape, info.dtype);
  }
  try {
    return runOnCpu(kernel, inputs, attrs);
  } catch {
    return undefined;
  }
}

function copyTensor(
  values: Float32Array | Int32Array | Uint8Array,
  shape: number[],
  dtype: tf.DataType,
): Tensor {
  const dims = [...shape];
  if (dtype === "int32") return int32Tensor(Int32Array.from(values), dims);
  if (dtype === "bool") return boolTensor(Array.from(values, Boolean), dims);
  if (dtype === "float32") return float32Tensor(Float32Array.from(values), dims);
  throw new AttuneError("TRACE_UNSUPPORTED", {
    what: "it",
    issues: [`a tensor of dtype ${dtype}; a graph can hold float32, int32 and bool`],
  });
}

/** Tensors of a training: copies of them, and the numbers in them. */
import type { Tensor, TensorDataMap } from "@attune/contracts";
import type * as tf from "@tensorflow/tfjs-core";
import type { Numbers } from "./stepper.ts";

/** Same dtype and dims, with values of its own. */
export function copyTensor(tensor: Tensor): Tensor {
  return { ...tensor, data: tensor.data.slice() } as Tensor;
}

/** Overwrites the values of a tensor of the same dtype and length. */
export function writeTensor(target: Tensor, source: Tensor): void {
  bytesOf(target).set(bytesOf(source));
}

function bytesOf({ dtype, data }: Tensor): Uint8Array {
  if (dtype === "string") throw new TypeError("a training holds no strings");
  const { buffer, byteOffset, byteLength } = data as TensorDataMap["float32"];
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Scalar tensors as numbers, `loss` among them. */
export function numbersOf(names: readonly string[], tensors: Readonly<Record<string, Tensor>>): Numbers {
  const numbers: Record<string, number> & { loss: number } = { loss: Number.NaN };
  for (const name of names) numbers[name] = Number(tensors[name]?.data[0]);
  return numbers;
}

/** The values of a tfjs tensor. */
export async function readTensor(tensor: tf.Tensor): Promise<Tensor> {
  const { dtype } = tensor;
  const dims = [...tensor.shape];
  const data = await tensor.data();
  if (dtype === "int32") return { dtype, dims, data: Int32Array.from(data) };
  if (dtype === "bool") return { dtype, dims, data: Uint8Array.from(data) };
  return { dtype: "float32", dims, data: Float32Array.from(data) };
}

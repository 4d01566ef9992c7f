/** Tensors of a training by name: its batches and its state; copies of them, and the numbers in them. */
import type { Tensor, TensorDataMap } from "@attune/contracts";
import type * as tf from "@tensorflow/tfjs-core";

/** Tensors of one batch by name. */
export type Batch = Readonly<Record<string, Tensor>>;

/** Sizes of the symbolic dims of a batch, by name. */
export type Sizes = Readonly<Record<string, number>>;

/** The state by name: variables, other state, slots of the optimizer. The names are the same on every backend. */
export type State = Readonly<Record<string, Tensor>>;

/** `loss`, and the metrics by name. */
export type Numbers = Readonly<Record<string, number>> & { readonly loss: number };

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

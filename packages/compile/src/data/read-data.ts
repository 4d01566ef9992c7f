/** What callers give as data: tensors of the port, or of tfjs. */
import type { Tensor } from "@attune/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { type Batch, readTensor } from "../tensors.ts";

/** Tensors by name; rows are axis 0. tfjs's own are read, not kept. */
export type Data = Readonly<Record<string, Tensor | tf.Tensor>>;

export async function readData(data: Data): Promise<Batch> {
  const entries = Object.entries(data);
  if (!entries.some(([, tensor]) => tensor instanceof tf.Tensor)) return data as Batch;
  const read = entries.map(async ([name, tensor]) => [
    name,
    tensor instanceof tf.Tensor ? await readTensor(tensor) : tensor,
  ]);
  return Object.fromEntries(await Promise.all(read));
}

/** Dense batches of users for the autoencoder: normalised, with the input's dropout drawn from the seed. */
import type { Interactions } from "@attune/contracts";
import type { Random } from "@attune/numeric";

export interface Batch {
  readonly rowCount: number;
  /** `[rows, items]` histories of length 1 (L2) with dropped entries; what the encoder sees. */
  readonly input: Float32Array;
  /** `[rows, items]` weights, in units of `scale`; what the decoder must predict. */
  readonly target: Float32Array;
}

export interface BatchOptions {
  readonly users: Int32Array;
  /** Share of the entries dropped; the others grow by 1 / (1 − dropout). */
  readonly dropout: number;
  /** A weight of this size counts one event in the loss. */
  readonly scale: number;
  readonly random: Random;
}

export function createBatch(interactions: Interactions, options: BatchOptions): Batch {
  const { itemCount, offsets, items, weights } = interactions;
  const { users, dropout, scale, random } = options;
  const input = new Float32Array(users.length * itemCount);
  const target = new Float32Array(input.length);
  users.forEach((user, row) => {
    const start = offsets[user]!;
    const end = offsets[user + 1]!;
    let squared = 0;
    for (let e = start; e < end; e++) squared += weights[e]! ** 2;
    const unit = 1 / (Math.sqrt(squared) * (1 - dropout));
    for (let e = start; e < end; e++) {
      const at = row * itemCount + items[e]!;
      target[at]! += weights[e]! / scale;
      if (random.uniform() >= dropout) input[at]! += weights[e]! * unit;
    }
  });
  return { rowCount: users.length, input, target };
}

/** Inputs for a parity run: the same numbers wherever and whenever they are made. */
import type { Tensor } from "@attune/contracts";
import { createRandom, type Random } from "@attune/numeric";
import type { InputDataType, ModelInput } from "../model-input.ts";

/** How to fill what a signature leaves open. */
export interface SeededInputOptions {
  /** Rows: the first size of each input that leaves it open. */
  readonly batch: number;
  readonly seed?: number;
  /** Every other open size: of images without a size, of sequences without a length. Default 32, an image halved five times. */
  readonly openSize?: number;
}

/** Integers of an input that is looked up in no table: those of a byte, for images are given so too. */
const plainIntegers = 256;

/**
 * A tensor for each input, by name. Floats are standard normal; ids lie in the range of their table, whatever the dtype;
 * other integers in `[0, 256)`. An input's values depend on the seed, its name and its size, not on the other inputs.
 */
export function seedInputs(
  inputs: readonly ModelInput[],
  { batch, seed = 0, openSize = 32 }: SeededInputOptions,
): Readonly<Record<string, Tensor<InputDataType>>> {
  const random = createRandom(seed);
  return Object.fromEntries(
    inputs.map((input) => {
      const dims = input.dims.map((size, at) => size ?? (at === 0 ? batch : openSize));
      return [input.name, fill(input, dims, random.fork(input.name))];
    }),
  );
}

function fill(
  { dtype, idCount }: ModelInput,
  dims: readonly number[],
  random: Random,
): Tensor<InputDataType> {
  const length = dims.reduce((product, size) => product * size, 1);
  const id = () => random.integer(idCount ?? plainIntegers);
  if (dtype === "int32") return { dtype, dims, data: Int32Array.from({ length }, id) };
  if (dtype === "bool") return { dtype, dims, data: Uint8Array.from({ length }, () => random.integer(2)) };
  const value = idCount === undefined ? () => random.normal() : id;
  return { dtype: "float32", dims, data: Float32Array.from({ length }, value) };
}

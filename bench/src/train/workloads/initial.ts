/** First values of weights and the draws batches are made of. */
import type { Random } from "@attune/numeric";
import type { NamedArray } from "./workload.ts";

type Dims = readonly number[];

const sizeOf = (dims: Dims) => dims.reduce((product, dim) => product * dim, 1);

/** A kernel `[in, out]`, uniform in ±√(6/(in+out)). @see Glorot & Bengio 2010 */
export function glorot<N extends string>(
  random: Random,
  name: N,
  dims: readonly [number, number],
): NamedArray<N> {
  const limit = Math.sqrt(6 / (dims[0] + dims[1]));
  return fill(name, dims, () => limit * (2 * random.uniform() - 1));
}

/** A table of embeddings, or targets: normal with the given deviation. */
export function normal<N extends string>(
  random: Random,
  name: N,
  dims: Dims,
  deviation: number,
): NamedArray<N> {
  return fill(name, dims, () => deviation * random.normal());
}

/** Biases start at 0, scales at 1. */
export function constant<N extends string>(name: N, dims: Dims, value: number): NamedArray<N> {
  return fill(name, dims, () => value);
}

function fill<N extends string>(name: N, dims: Dims, next: () => number): NamedArray<N> {
  return { name, dims, values: Float32Array.from({ length: sizeOf(dims) }, next) };
}

/** Item indexes in `[first, first + count)`, few of them often: popularity falls as in a catalogue, so rows repeat. */
export function popularItems<N extends string>(
  random: Random,
  name: N,
  dims: Dims,
  { first, count }: { first: number; count: number },
): NamedArray<N> {
  const next = () => first + popularItem(random, count);
  return { name, dims, values: Int32Array.from({ length: sizeOf(dims) }, next) };
}

/** An index in `[0, count)` with density falling as 1/√index: the most popular 1 % takes 10 % of the draws. */
export function popularItem(random: Random, count: number): number {
  return Math.floor(count * random.uniform() ** 2);
}

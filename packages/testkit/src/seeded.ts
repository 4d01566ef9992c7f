/** Seeded data for tests: the same seed gives the same values on every machine. */

/** A generator of test data. */
export interface Seeded {
  /** A number in `[0, 1)`. */
  next(): number;
  /** An integer in `[0, limit)`. */
  integer(limit: number): number;
  /** `count` distinct integers in `[0, limit)`, in random order. */
  distinct(count: number, limit: number): number[];
  /** `[count]` float32 in `[low, high)`. */
  uniform(count: number, low: number, high: number): Float32Array;
}

/** mulberry32: 32 bits of state, enough for test data. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    integer,
    distinct(count, limit) {
      const pool = Array.from({ length: limit }, (_, index) => index);
      for (let index = 0; index < count; index++) {
        const other = index + integer(limit - index);
        [pool[index], pool[other]] = [pool[other]!, pool[index]!];
      }
      return pool.slice(0, count);
    },
    uniform: (count, low, high) => Float32Array.from({ length: count }, () => low + next() * (high - low)),
  };
}

/** The one source of randomness in Attune: seeded, forkable, the same stream on every engine. */
import { AttuneError } from "@attune/contracts";

/** A seeded generator. Not for secrets. */
export interface Random {
  /** The next integer in `[0, 2³²)`. */
  uint32(): number;
  /** A real in `[0, 1)` with 53 random bits. */
  uniform(): number;
  /**
   * An integer in `[0, n)`, each equally likely (by rejection, not by modulo alone).
   * @throws {AttuneError} `NUMERIC_ARGUMENT` unless `n` is an integer in `[1, 2³²]`.
   */
  integer(n: number): number;
  /**
   * Fills an array with what as many calls of `integer` would give, several times as fast.
   * @throws {AttuneError} as `integer`.
   */
  integers(n: number, out: Int32Array | Uint32Array): void;
  /**
   * A standard normal deviate: mean 0, variance 1. Goes through `Math.log`, whose last bit an engine may choose.
   * @see Marsaglia & Bray 1964 (the polar method).
   */
  normal(): number;
  /** Orders `values` at random, in place, each order equally likely, and returns it. @see Fisher & Yates; Durstenfeld 1964. */
  shuffle<T extends Shuffled>(values: T): T;
  /**
   * An independent generator named `label`. It depends on this generator's seed and the label only, not on how
   * many numbers were drawn: adding a consumer does not change what the others see.
   */
  fork(label: string): Random;
}

/** What `shuffle` takes: an array or a typed array of numbers. */
type Shuffled = unknown[] | Int32Array | Uint32Array | Uint8Array | Float32Array | Float64Array;

/** The four words of a generator's state; not all zero. */
export type RandomState = readonly [number, number, number, number];

/**
 * A generator from a seed: xoshiro128**, whose four words of state are hashes of the seed (murmur3's finalizer), so that
 * neighbouring seeds start far apart, as its authors ask.
 *
 * @param seed - an integer in `[0, 2⁵³)`.
 * @throws {AttuneError} `NUMERIC_ARGUMENT` for any other seed.
 * @see Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators"; https://prng.di.unimi.it
 * @see Appleby 2011, MurmurHash3 (`fmix32`); Steele, Lea & Flood 2014 for the use of such mixers in seeding.
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new AttuneError("NUMERIC_ARGUMENT", {
      what: "seed",
      expected: "an integer in [0, 2^53)",
      actual: String(seed),
    });
  }
  return createRandomFromState(expandState([seed >>> 0, Math.floor(seed / 2 ** 32)]));
}

/** A generator that starts at a given state: for checks against the published sequence. Use `createRandom` otherwise. */
export function createRandomFromState(start: RandomState): Random {
  let [s0, s1, s2, s3] = start;

  function uint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotateLeft(s3, 11);
    return result;
  }

  function uniform(): number {
    const high = uint32() >>> 5;
    const low = uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  function integer(n: number): number {
    const limit = limitOf(n);
    let word = uint32();
    while (word >= limit) word = uint32();
    return word % n;
  }

  function integers(n: number, out: Int32Array | Uint32Array): void {
    // Both sides of the remainder are 32-bit words, for which processors have an instruction; n = 2³² needs none.
    const divisor = n >>> 0;
    const last = limitOf(n) - 1;
    // The generator's step once more, on local variables: that is what makes it fast.
    let [a, b, c, d] = [s0, s1, s2, s3];
    for (let at = 0; at < out.length; ) {
      const word = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
      const t = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= t;
      d = rotateLeft(d, 11);
      if (word <= last) out[at++] = divisor === 0 ? word : word % divisor;
    }
    [s0, s1, s2, s3] = [a, b, c, d];
  }

  function normal(): number {
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const squared = x * x + y * y;
      if (squared > 0 && squared < 1) return x * Math.sqrt((-2 * Math.log(squared)) / squared);
    }
  }

  function shuffle<T extends Shuffled>(values: T): T {
    for (let last = values.length - 1; last > 0; last--) {
      const other = integer(last + 1);
      const held = values[last];
      values[last] = values[other] as typeof held;
      values[other] = held;
    }
    return values;
  }

  function fork(label: string): Random {
    return createRandomFromState(expandState([...start, ...encodeLabel(label)]));
  }

  return { uint32, uniform, integer, integers, normal, shuffle, fork };
}

/** The largest multiple of n; what lies above it would favour the small remainders. */
function limitOf(n: number): number {
  if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
    throw new AttuneError("NUMERIC_ARGUMENT", {
      what: "n",
      expected: "an integer in [1, 2^32]",
      actual: String(n),
    });
  }
  return 2 ** 32 - (2 ** 32 % n);
}

/**
 * Four independent hashes of the same words. In each, every step is a bijection of the word it takes in: seeds below
 * 2³² never share a state, and longer inputs would have to collide in all four.
 */
function expandState(words: readonly number[]): RandomState {
  const hash = (lane: number) =>
    words.reduce(
      (state, word) => mix(Math.imul(state, 31) + mix(word ^ Math.imul(lane, goldenGamma))),
      mix(lane + words.length * 4),
    );
  const state: RandomState = [hash(1), hash(2), hash(3), hash(4)];
  return state.every((word) => word === 0) ? [1, 0, 0, 0] : state;
}

/** 2³² divided by the golden ratio, the odd increment of SplitMix. */
const goldenGamma = 0x9e3779b9;

/** The murmur3 32-bit finalizer: a bijection in which each input bit moves about half of the output bits. */
function mix(word: number): number {
  word ^= word >>> 16;
  word = Math.imul(word, 0x85ebca6b);
  word ^= word >>> 13;
  word = Math.imul(word, 0xc2b2ae35);
  return word ^ (word >>> 16);
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function encodeLabel(label: string): number[] {
  return Array.from({ length: label.length }, (_, at) => label.charCodeAt(at));
}

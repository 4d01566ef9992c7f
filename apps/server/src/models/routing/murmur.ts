/** MurmurHash3 of texts: the same number for the same text in every process, on every machine and in every language. */

const c1 = 0xcc9e2d51;
const c2 = 0x1b873593;
const encoder = new TextEncoder();

/**
 * MurmurHash3_x86_32 of a text's UTF-8 bytes.
 *
 * @param seed - `[0, 2³²)`.
 * @returns an integer in `[0, 2³²)`.
 * @see Appleby 2011, https://github.com/aappleby/smhasher
 */
export function murmur3(text: string, seed: number): number {
  const bytes = encoder.encode(text);
  const tail = bytes.length & ~3;
  let hash = seed;
  for (let at = 0; at < tail; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    hash ^= scramble(word);
    hash = Math.imul(rotateLeft(hash, 13), 5) + 0xe6546b64;
  }
  let rest = 0;
  for (let at = bytes.length - 1; at >= tail; at--) rest = (rest << 8) | bytes[at]!;
  if (tail < bytes.length) hash ^= scramble(rest);
  return mix(hash ^ bytes.length);
}

/** MurmurHash3's finalizer: a bijection of 32-bit words in which each bit of the input moves half of the output's. */
export function mix(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

const scramble = (word: number) => Math.imul(rotateLeft(Math.imul(word, c1), 15), c2);
const rotateLeft = (word: number, bits: number) => (word << bits) | (word >>> (32 - bits));

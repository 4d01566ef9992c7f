/** Fast typed-array noise; one stream of xoshiro128** per tensor, started from the seeded generator. */
import type { Random } from "@attune/numeric";
import type { NoiseKind } from "@attune/trace";

/** Fills with the next numbers of `random`'s own child streams; the same numbers on every backend. */
export function fillNoise(data: Float32Array, kind: NoiseKind, random: Random): void {
  fillUniform(data, random);
  if (kind === "normal") toNormal(data, random.fork("angle"));
}

/**
 * Uniform in `[0, 1)` with 24 random bits each, all that float32 holds. The generator of `Random`, written out over
 * local variables: a training step may need millions of numbers.
 * @see Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators"
 */
function fillUniform(data: Float32Array, random: Random): void {
  // A state of all zeros would stay there.
  let s0 = random.uint32() | 1;
  let s1 = random.uint32();
  let s2 = random.uint32();
  let s3 = random.uint32();
  for (let at = 0; at < data.length; at++) {
    const scaled = Math.imul(s1, 5);
    data[at] = (Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 8) * 2 ** -24;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
  }
}

/** Uniform numbers become radii, and a second stream gives the angles. @see Box & Muller 1958 */
function toNormal(data: Float32Array, angles: Random): void {
  for (let at = 0; at < data.length; at++) {
    const radius = Math.sqrt(-2 * Math.log(1 - (data[at] ?? 0)));
    data[at] = radius * Math.cos(2 * Math.PI * angles.uniform());
  }
}

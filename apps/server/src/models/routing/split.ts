/**
 * Which version of a split answers a key: weighted rendezvous hashing.
 *
 * Every target draws `u = (mix(murmur3(key, seed) xor murmur3("name/version", seed)) + ½) / 2³²` for the key, and the
 * smallest `−ln(u) / share` wins. A key stays with its target whatever the order of the list, the process or the
 * machine; when one share grows and the others keep their proportions, keys move to it and nowhere else.
 *
 * @see Thaler & Ravishankar 1998 (rendezvous hashing); Schindelhauer & Schomaker 2005 (weights)
 */
import { mix, murmur3 } from "./murmur.ts";

export interface Share<Target> {
  readonly target: Target;
  /** `name/version`: what the target is known by when keys are dealt. */
  readonly id: string;
  /** In `[0, 1]`; those of a split add up to 1. */
  readonly share: number;
}

export interface Split<Target> {
  readonly shares: readonly Share<Target>[];
  /** The target with the largest share; the first of equals. */
  readonly largest: Target;
  /** Without a key: the largest. */
  pick(key?: string): Target;
}

/** @param shares - at least one. @param seed - `[0, 2³²)`. */
export function createSplit<Target>(shares: readonly Share<Target>[], seed: number): Split<Target> {
  const best = shares.reduce((largest, one) => (one.share > largest.share ? one : largest));
  const runners = shares
    .filter(({ share }) => share > 0)
    .map(({ target, id, share }) => ({ target, share, salt: murmur3(id, seed) }));

  return {
    shares,
    largest: best.target,
    pick(key) {
      if (key === undefined || runners.length < 2) return best.target;
      const hash = murmur3(key, seed);
      let winner = best.target;
      let least = Number.POSITIVE_INFINITY;
      for (const { target, share, salt } of runners) {
        const draw = -Math.log((mix(hash ^ salt) + 0.5) / 2 ** 32) / share;
        if (draw >= least) continue;
        least = draw;
        winner = target;
      }
      return winner;
    },
  };
}

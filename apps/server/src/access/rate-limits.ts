/** How often each key, and each address without one, may ask. */
import { isIPv6 } from "node:net";
import type { AccessKey } from "./access-key.ts";
import { createTokenBucket, type Rate, type TokenBucket } from "./token-bucket.ts";

export interface RateLimits {
  /** @returns milliseconds to wait; 0 when the request may go on. */
  waitMs(key: AccessKey | undefined, address: string | undefined): number;
}

export interface RateLimitOptions {
  readonly keys: readonly AccessKey[];
  /** Of requests without a known key, for each address; absent: no limit. */
  readonly perAddress?: Rate | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Addresses that are remembered at once: 10 MB at most. Past it, those that asked first are forgotten. */
const rememberedAddresses = 50_000;

/** @returns undefined when nothing is limited. */
export function createRateLimits({ keys, perAddress, now }: RateLimitOptions): RateLimits | undefined {
  const ofKeys = new Map(keys.flatMap((key) => (key.ratePerSecond === undefined ? [] : [bucketOf(key)])));
  if (ofKeys.size === 0 && perAddress === undefined) return undefined;
  const ofAddresses = new Map<string, TokenBucket>();

  function ofAddress(address: string, rate: Rate): TokenBucket {
    const name = networkOf(address);
    const known = ofAddresses.get(name);
    if (known !== undefined) return known;
    if (ofAddresses.size >= rememberedAddresses) ofAddresses.delete(ofAddresses.keys().next().value!);
    const bucket = createTokenBucket(rate);
    ofAddresses.set(name, bucket);
    return bucket;
  }

  return {
    waitMs(key, address) {
      if (key !== undefined) return ofKeys.get(key)?.take(now()) ?? 0;
      if (perAddress === undefined || address === undefined) return 0;
      return ofAddress(address, perAddress).take(now());
    },
  };
}

function bucketOf(key: AccessKey): readonly [AccessKey, TokenBucket] {
  const perSecond = key.ratePerSecond!;
  return [key, createTokenBucket({ perSecond, burst: key.burst ?? Math.max(1, Math.ceil(perSecond)) })];
}

/** An IPv6 address stands for its /64: whoever has one has all of them. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith("::ffff:")) return address;
  const [head = "", tail] = address.split("%")[0]!.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: zeros }, () => "0"), ...after].slice(0, 4).join(":");
}

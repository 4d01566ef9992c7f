/** A rate as a bucket of tokens: each request takes one, and they come back with time. */

export interface Rate {
  /** Tokens that come back each second, > 0. */
  readonly perSecond: number;
  /** Tokens of a full bucket, ≥ 1. */
  readonly burst: number;
}

export interface TokenBucket {
  /**
   * Takes a token.
   *
   * @param nowMs - of a clock that never goes back.
   * @returns 0, or the milliseconds until there is one when the bucket is empty; then nothing was taken.
   */
  take(nowMs: number): number;
}

export function createTokenBucket({ perSecond, burst }: Rate): TokenBucket {
  let tokens = burst;
  let filledAt = -Infinity;

  return {
    take(nowMs) {
      // Should the clock be set back all the same, nobody waits for it to catch up.
      const passedMs = Math.max(0, nowMs - filledAt);
      tokens = Math.min(burst, tokens + (passedMs / 1000) * perSecond);
      filledAt = nowMs;
      if (tokens >= 1) {
        tokens -= 1;
        return 0;
      }
      return ((1 - tokens) / perSecond) * 1000;
    },
  };
}

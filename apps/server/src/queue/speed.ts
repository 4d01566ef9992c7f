/** How fast a lane is: from the estimated cost of work to the time it takes here and now, with everything in between. */

export interface Speed {
  /** Milliseconds for work of this estimated cost. */
  toMs(costUs: number): number;
  /** The lane begins to be busy. Times are on the clock of `performance.now()`. */
  begin(nowMs: number): void;
  /** A run of this estimated cost has ended. With several slots runs overlap: each end is charged with the time since the last. */
  ran(costUs: number, nowMs: number): void;
}

/** How fast the past fades, per run. */
const decay = 0.98;

export function createSpeed(): Speed {
  let estimatedUs = 1;
  // What runs together costs less than alone, and much that waits is run together.
  let elapsedUs = 0.5;
  let measuredFrom = 0;
  return {
    toMs: (costUs) => (costUs * elapsedUs) / estimatedUs / 1000,
    begin(nowMs) {
      measuredFrom = nowMs;
    },
    ran(costUs, nowMs) {
      estimatedUs = estimatedUs * decay + costUs;
      elapsedUs = elapsedUs * decay + (nowMs - measuredFrom) * 1000;
      measuredFrom = nowMs;
    },
  };
}

/** How properties are tried: on few cases by default, on as many as `ATTUNE_FUZZ_COUNT` says, with as much time. */
const count = process.env.ATTUNE_FUZZ_COUNT;

/** Room for one case: two or three small datasets are made for it. */
const caseMs = 2000;

/** A failure is told at once; made smaller, which takes minutes, only when cases are counted by hand. */
export function fuzz(usual: number): {
  readonly numRuns: number;
  readonly seed: number;
  readonly endOnFailure: boolean;
} {
  return { numRuns: runCount(usual), seed: 7, endOnFailure: count === undefined };
}

/** Milliseconds for a test of `fuzz(usual)`. */
export function fuzzTimeoutMs(usual: number): number {
  return 60_000 + caseMs * runCount(usual);
}

function runCount(usual: number): number {
  return count === undefined ? usual : Number(count);
}

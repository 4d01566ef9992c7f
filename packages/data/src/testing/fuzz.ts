/** How many cases a property is tried on: few by default, as many as `ATTUNE_FUZZ_COUNT` says. */
export function runCount(usual: number): number {
  const { ATTUNE_FUZZ_COUNT: count } = process.env;
  return count === undefined ? usual : Number(count);
}

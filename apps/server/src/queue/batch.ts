/**
 * Which of the waiting requests share the next run of the graph: those of one version and of like length, as many as
 * the latency budget of one run allows. Docs/decisions/0007 has the figures behind the limits.
 */

/** What a request costs, as far as batches go. */
export interface Sized {
  /** Entries by which it widens its batch, ≥ 0. */
  readonly entries: number;
  /** Estimated microseconds alone. */
  readonly costUs: number;
}

export interface BatchLimits {
  /** Requests in one run, ≥ 1. */
  readonly maxRequests: number;
  /** Requests × entries of the longest in one run: past some hundreds the run's tensors leave the processor's caches. */
  readonly maxEntries: number;
  /** What a run costs before its first entry, in entries. A batch is padded by no more to save a run. */
  readonly overheadEntries: number;
  /** Estimated microseconds of all its requests alone: what everybody else waits for it, at most. */
  readonly maxCostUs: number;
}

/**
 * Measured on an 8 MB neighbour model (3,700 items × 270 neighbours, histories of 5 to 155 ids): an empty history took
 * 150 µs alone, a further row 14 µs, an entry 2 µs. Under load the processor time per request was 530 µs without
 * batches, 590 µs with everything that waited in one batch, and 310 µs with these limits.
 */
export const defaultBatchLimits: BatchLimits = {
  maxRequests: 64,
  maxEntries: 512,
  overheadEntries: 64,
  maxCostUs: 2500,
};

/**
 * The batch of `first`, which is always in it: the waiting requests are sorted by length and cut where padding the
 * batch further would cost more than a run of its own.
 *
 * @param waiting - those of the same version, `first` among them.
 */
export function chooseBatch<W extends Sized>(
  first: W,
  waiting: readonly W[],
  limits: BatchLimits = defaultBatchLimits,
): readonly W[] {
  if (waiting.length === 1) return [first];
  let batch: W[] = [];
  let hasFirst = false;
  let longest = 0;
  let costUs = 0;
  for (const one of waiting.toSorted((a, b) => a.entries - b.entries)) {
    const count = batch.length;
    const fits =
      count < limits.maxRequests &&
      costUs + one.costUs <= limits.maxCostUs &&
      one.entries * (count + 1) <= limits.maxEntries &&
      (one.entries - longest) * count <= limits.overheadEntries;
    if (!fits && count > 0) {
      if (hasFirst) return batch;
      batch = [];
      costUs = 0;
    }
    batch.push(one);
    hasFirst ||= one === first;
    longest = one.entries;
    costUs += one.costUs;
  }
  return batch;
}

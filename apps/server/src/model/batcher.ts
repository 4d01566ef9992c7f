/**
 * Adaptive micro-batching: the requests that arrived in one turn of the event loop share one run of the graph.
 * Nothing ever waits on a timer: alone, a request runs at once; under load, batches grow by themselves.
 */
import type { Recommendation, RecommendRequest } from "@attune/contracts";
import type { Personalizer } from "@attune/runtime";

export interface BatchLimits {
  /** Requests in one run, ≥ 1. The run blocks the event loop, so this bounds how long. */
  readonly maxRequests: number;
  /** Requests × longest history or exclude list in one run: a single long history must not pad all others to its length. */
  readonly maxPaddedEntries: number;
}

export const defaultBatchLimits: BatchLimits = { maxRequests: 64, maxPaddedEntries: 16_384 };

interface Waiting {
  readonly request: RecommendRequest;
  resolve(answer: Recommendation): void;
  reject(cause: unknown): void;
}

/**
 * Joins requests to batches. They must have passed the request check already: one bad request would fail its batch.
 *
 * @param onBatch - called before each run with the number of requests in it.
 * @returns the same answers as `personalizer.recommend` gives, scores within 1e-6.
 */
export function createBatcher(
  personalizer: Pick<Personalizer, "recommendMany">,
  onBatch: (size: number) => void,
  limits: BatchLimits = defaultBatchLimits,
): (request: RecommendRequest) => Promise<Recommendation> {
  let queue: Waiting[] = [];
  let scheduled = false;

  function schedule() {
    scheduled = true;
    // After the poll phase: every request whose bytes have arrived is in the queue by then.
    setImmediate(drain);
  }

  async function drain() {
    const waiting = queue;
    queue = [];
    for (const batch of splitBatches(waiting, limits)) await runBatch(batch);
    scheduled = false;
    if (queue.length > 0) schedule();
  }

  async function runBatch(batch: readonly Waiting[]) {
    onBatch(batch.length);
    try {
      const answers = await personalizer.recommendMany(batch.map(({ request }) => request));
      batch.forEach((waiting, index) => {
        waiting.resolve(answers[index]!);
      });
    } catch (cause) {
      for (const waiting of batch) waiting.reject(cause);
    }
  }

  return (request) =>
    new Promise((resolve, reject) => {
      queue.push({ request, resolve, reject });
      if (!scheduled) schedule();
    });
}

/** Cuts waiting requests, in order of arrival, into batches within the limits. */
function splitBatches(waiting: readonly Waiting[], limits: BatchLimits): Waiting[][] {
  const batches: Waiting[][] = [];
  let current: Waiting[] = [];
  let longest = 0;
  for (const entry of waiting) {
    const length = Math.max(entry.request.history.length, entry.request.exclude?.length ?? 0);
    const padded = Math.max(longest, length) * (current.length + 1);
    if (current.length > 0 && (current.length === limits.maxRequests || padded > limits.maxPaddedEntries)) {
      batches.push(current);
      current = [];
      longest = 0;
    }
    current.push(entry);
    longest = Math.max(longest, length);
  }
  if (current.length > 0) batches.push(current);
  return batches;
}

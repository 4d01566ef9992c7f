/** Tries again what may work a moment later, and never past the deadline. */
import type { Deadline } from "./deadline.ts";
import { AttuneClientError } from "./error.ts";

export interface RetryOptions {
  readonly retries: number;
  readonly retryBudgetMs: number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

/** First wait without `Retry-After`; each further one may be twice as long, up to the second bound. Milliseconds. */
const firstWaitMs = 100;
const longestWaitMs = 5000;

/** Busy, on its way up or down, or a proxy that cannot reach it. Nothing was changed by the try: all calls only read. */
const passing = [429, 502, 503, 504];

/**
 * Waits as long as the server asks, with a little added so that not all come back at once; without its word, a random
 * part of a bound that doubles.
 *
 * @throws what the last try threw: at once when it may not be repeated, when the tries are used up, or when the wait would
 * be longer than the call has.
 */
export async function withRetries<Answer>(
  attempt: () => Promise<Answer>,
  deadline: Deadline,
  { retries, retryBudgetMs, sleep, random }: RetryOptions,
): Promise<Answer> {
  let budgetMs = retryBudgetMs;
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (deadline.signal.aborted || !isPassing(error) || tries >= retries) throw error;
      const boundMs = Math.min(longestWaitMs, firstWaitMs * 2 ** tries);
      const { retryAfterMs } = error;
      const waitMs =
        retryAfterMs === undefined ? boundMs * (0.5 + random() / 2) : retryAfterMs + firstWaitMs * random();
      if (waitMs > budgetMs || waitMs >= deadline.left()) throw error;
      budgetMs -= waitMs;
      await sleep(waitMs, deadline.signal);
      if (deadline.left() < 1) throw error;
    }
  }
}

function isPassing(error: unknown): error is AttuneClientError {
  return error instanceof AttuneClientError && (error.code === "network" || passing.includes(error.status));
}

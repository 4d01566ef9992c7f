/** The end of a call: its time is up, or its caller has given up. */
import { AttuneClientError } from "./error.ts";

export interface Deadline {
  /** Milliseconds, ≥ 0. */
  left(): number;
  readonly signal: AbortSignal;
  /** Must be called once the call is over: a timer is running. */
  clear(): void;
}

/** @param signal - of the caller; its reason is what the deadline ends with then. */
export function createDeadline(
  timeoutMs: number,
  clock: () => number,
  signal: AbortSignal | undefined,
): Deadline {
  const controller = new AbortController();
  const endsAt = clock() + timeoutMs;
  const giveUp = () => controller.abort(signal?.reason);
  const timer = setTimeout(() => controller.abort(timedOut(timeoutMs)), timeoutMs);
  if (signal?.aborted) giveUp();
  signal?.addEventListener("abort", giveUp, { once: true });
  return {
    left: () => Math.max(0, endsAt - clock()),
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
    },
  };
}

function timedOut(timeoutMs: number): AttuneClientError {
  return new AttuneClientError(
    `no answer within ${Math.round(timeoutMs)} ms; allow more with timeoutMs, or ask for less`,
    { status: 0, code: "timeout" },
  );
}

/** The default of `sleep`. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
}

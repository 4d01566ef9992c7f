/** Lets a long computation be stopped: hands the thread back once and looks at the signal. */
import { AttuneError } from "@attune/contracts";

/** @throws {AttuneError} `TRAIN_ABORTED` when the caller's signal has fired. */
export function checkAborted(kind: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AttuneError("TRAIN_ABORTED", { kind }, { cause: signal.reason });
}

/**
 * Waits for one turn of the event loop, so that timers, input and the signal's sender get theirs.
 *
 * @throws {AttuneError} `TRAIN_ABORTED` when the caller's signal has fired.
 */
export async function pause(kind: string, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  checkAborted(kind, signal);
}

/** Hands the thread back for one turn of the event loop, in Node and in a browser. */
import { AttuneError } from "@attune/contracts";

/** An `AbortSignal`, or anything else that can say stop. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

/** @throws {AttuneError} `TRAIN_ABORTED` when the caller's signal has fired. */
export function checkStopped(kind: string, signal: StopSignal | undefined): void {
  if (signal?.aborted) throw new AttuneError("TRAIN_ABORTED", { kind }, { cause: signal.reason });
}

type Schedule = (callback: () => void) => unknown;

/** Timers, input and the signal's sender get their turn. */
export async function nextTurn(): Promise<void> {
  const immediate: Schedule | undefined = Reflect.get(globalThis, "setImmediate");
  const timer: Schedule | undefined = Reflect.get(globalThis, "setTimeout");
  const schedule = immediate ?? timer;
  await new Promise<void>((resolve) => (schedule === undefined ? resolve() : schedule(resolve)));
}

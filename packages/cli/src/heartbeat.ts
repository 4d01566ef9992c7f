/**
 * Signs of life during a step: a thread of its own writes them, so that they come also while the main one computes.
 *
 * On a terminal the step's line is drawn again when nothing drew it for a second; elsewhere a line is written when none
 * was for ten, so that a night's log is not silent.
 */
import { Worker } from "node:worker_threads";

/** Where the elapsed seconds go in a step's line. */
export const secondsMark = "{seconds}";

export interface Heartbeat {
  /** The step's line from now on; `secondsMark` stands for the seconds since the step began. */
  show(line: string, elapsedMs: number): void;
  /** The main thread has just written: the silence begins anew. */
  wrote(): void;
  /** The step is over. Nothing is written after this returns. */
  stop(): void;
}

export interface HeartbeatOptions {
  /** File descriptor that lines go to. */
  readonly fd: number;
  /** Draw over the line instead of adding lines. */
  readonly terminal: boolean;
  /** Longest silence. Default 1000 on a terminal, 10,000 elsewhere. */
  readonly everyMs?: number;
}

/** What the thread may do: nothing, write, or it is writing. */
const state = { off: 0, on: 1, writing: 2 } as const;

/** The thread starts with the first step and never keeps the process alive. */
export function createHeartbeat({
  fd,
  terminal,
  everyMs = terminal ? 1000 : 10_000,
}: HeartbeatOptions): Heartbeat {
  const shared = new Int32Array(new SharedArrayBuffer(4));
  let worker: Worker | undefined;
  const start = (): Worker => {
    const workerData = { fd, terminal, everyMs, shared, secondsMark, state };
    const started = new Worker(program, { eval: true, workerData, execArgv: [] });
    // Without signs of life the work goes on as well.
    started.on("error", () => {});
    started.unref();
    return started;
  };
  return {
    show(line, elapsedMs) {
      worker ??= start();
      worker.postMessage({ line, elapsedMs });
      Atomics.compareExchange(shared, 0, state.off, state.on);
    },
    wrote() {
      worker?.postMessage({ wrote: true });
    },
    stop() {
      // A write that has begun is waited for, so that what follows stands below it.
      while (Atomics.compareExchange(shared, 0, state.on, state.off) === state.writing)
        Atomics.wait(shared, 0, state.writing, 50);
      worker?.postMessage({ line: undefined });
    },
  };
}

/** Plain JavaScript in a string: the same in the sources and in the built package, where there is no file to name. */
const program = `
const { workerData, parentPort } = require("node:worker_threads");
const { writeSync } = require("node:fs");
const { fd, terminal, everyMs, shared, secondsMark, state } = workerData;
let line;
let startedMs = 0;
let wroteMs = performance.now();
parentPort.on("message", (message) => {
  const now = performance.now();
  if (message.wrote) wroteMs = now;
  else {
    if (line === undefined) wroteMs = now;
    line = message.line;
    startedMs = now - (message.elapsedMs ?? 0);
  }
});
setInterval(() => {
  const now = performance.now();
  if (line === undefined || now - wroteMs < everyMs) return;
  if (Atomics.compareExchange(shared, 0, state.on, state.writing) !== state.on) return;
  try {
    const text = line.replace(secondsMark, String(Math.floor((now - startedMs) / 1000)));
    writeSync(fd, terminal ? text : text + "\\n");
    wroteMs = now;
  } catch {
    // Nobody reads, or the pipe is full: the next time.
  } finally {
    Atomics.store(shared, 0, state.on);
    Atomics.notify(shared, 0);
  }
}, Math.min(everyMs / 2, 250));
`;

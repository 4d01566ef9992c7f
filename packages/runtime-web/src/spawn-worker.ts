/** Starts the worker, in the one form that Vite, webpack and Rolldown recognise and bundle. */
import type { Port } from "./protocol.ts";

/** What a session needs of its worker: a port, news of its death, and a way to end it. */
export interface SessionWorker extends Port {
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "error", listener: (event: { message?: string }) => void): void;
  terminate(): void;
}

/** The worker of this package, from the file beside this one. */
export function spawnWorker(): SessionWorker {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}

/** Starts the worker, in the one form that Vite, webpack and Rolldown recognise and bundle. */
import type { Port } from "./protocol.ts";

/** What a session needs of its worker: a port, news of its death, and a way to end it. */
export interface SessionWorker extends Port {
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "error", listener: (event: { message?: string }) => void): void;
  terminate(): void;
}

/**
 * The worker of this package, from the file beside this one. A browser starts it only where that file is of the page's own
 * origin; elsewhere see `spawnWorkerFrom`.
 */
export function spawnWorker(): SessionWorker {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}

/**
 * A worker by the address of its bundled script. One of another origin, which a browser would not start, is imported by a
 * script of the page's own: its server must allow that (CORS), and so must the page's Content-Security-Policy, with
 * `worker-src blob:` and the address's origin.
 */
export function spawnWorkerFrom(url: string | URL): SessionWorker {
  const script = new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href);
  if (script.origin === globalThis.location?.origin) return new Worker(script.href, { type: "module" });
  const source = new Blob([`import ${JSON.stringify(script.href)};`], { type: "text/javascript" });
  const address = URL.createObjectURL(source);
  const worker = new Worker(address, { type: "module" });
  // The browser reads the address later than this line; by the first word from the worker it has.
  for (const event of ["message", "error"] as const) {
    worker.addEventListener(event, () => URL.revokeObjectURL(address), { once: true });
  }
  return worker;
}

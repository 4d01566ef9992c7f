/**
 * The pool of worker threads. Every thread holds a session of every version that runs here; a thread that dies is
 * replaced, and only what it was doing fails.
 */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { revive } from "../failures/revive.ts";
import type { AnyAnswer, AnyRequest } from "./any-request.ts";
import type { Order, Reply } from "./messages.ts";

export interface WorkerPool {
  /** Threads, ≥ 1: as many calls of `run` make progress at the same time. */
  readonly size: number;
  /** Loads a version in every thread. @throws {AttuneError} what is wrong with it; then no thread has it. */
  open(dir: string, manifest: ArtifactManifest): Promise<number>;
  run(id: number, requests: readonly AnyRequest[]): Promise<readonly AnyAnswer[]>;
  close(id: number): Promise<void>;
  /** Ends the threads. */
  end(): Promise<void>;
}

interface Thread {
  readonly worker: Worker;
  /** Orders are obeyed one after the other. */
  order(order: Order): Promise<readonly AnyAnswer[]>;
  /** Orders that are not answered yet. */
  readonly waiting: number;
  /** It has obeyed an order. */
  readonly hasAnswered: boolean;
}

interface OpenVersion {
  readonly dir: string;
  readonly manifest: ArtifactManifest;
}

/** @param onDeath - told when a thread ended that was not asked to. */
export function createWorkerPool(size: number, onDeath: (cause: unknown) => void): WorkerPool {
  const versions = new Map<number, OpenVersion>();
  let nextId = 0;
  let isEnding = false;
  const threads: Thread[] = Array.from({ length: size }, (_, index) => start(index));

  function start(index: number): Thread {
    return startThread((cause) => {
      if (isEnding) return;
      onDeath(cause);
      // One that never did anything would not do better the next time.
      if (!threads[index]!.hasAnswered) return;
      const thread = start(index);
      threads[index] = thread;
      for (const [id, { dir, manifest }] of versions) {
        thread.order({ kind: "open", id, dir, manifest }).catch(onDeath);
      }
    });
  }

  const toAll = (order: Order) => Promise.all(threads.map((thread) => thread.order(order)));

  async function close(id: number): Promise<void> {
    versions.delete(id);
    await toAll({ kind: "close", id });
  }

  return {
    size,
    async open(dir, manifest) {
      const id = nextId++;
      try {
        await toAll({ kind: "open", id, dir, manifest });
      } catch (cause) {
        await close(id).catch(() => {});
        throw cause;
      }
      versions.set(id, { dir, manifest });
      return id;
    },
    run(id, requests) {
      const idlest = threads.reduce((best, thread) => (thread.waiting < best.waiting ? thread : best));
      return idlest.order({ kind: "run", id, requests });
    },
    close,
    async end() {
      isEnding = true;
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

function startThread(onDeath: (cause: unknown) => void): Thread {
  // From source it is TypeScript, as this file is; built, both are JavaScript.
  const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url));
  const waiting: { resolve(answers: readonly AnyAnswer[]): void; reject(cause: unknown): void }[] = [];
  let death: unknown;
  let hasAnswered = false;

  worker.on("message", (reply: Reply) => {
    const first = waiting.shift()!;
    hasAnswered ||= reply.kind === "done";
    if (reply.kind === "done") first.resolve(reply.answers);
    else first.reject(revive(reply.error));
  });
  worker.on("error", (cause) => {
    death = cause;
  });
  worker.on("exit", (code) => {
    death ??= new Error(`a worker thread ended with exit code ${code}`);
    for (const { reject } of waiting.splice(0)) reject(death);
    onDeath(death);
  });
  return {
    worker,
    get waiting() {
      return waiting.length;
    },
    get hasAnswered() {
      return hasAnswered;
    },
    order: (order) =>
      new Promise((resolve, reject) => {
        if (death !== undefined) return reject(death);
        waiting.push({ resolve, reject });
        worker.postMessage(order);
      }),
  };
}

/** The server's two lanes, and which one a version's requests take. */
import { availableParallelism } from "node:os";
import { createLane, type Lane, type ShedReason } from "../queue/lane.ts";
import { createWorkerPool, type WorkerPool } from "./pool.ts";

export interface Lanes {
  /** What runs in the event loop: light models, and parsing of large bodies. */
  readonly loop: Lane;
  /** What runs in threads; the threads start with the first version that needs them. */
  pool(): { readonly lane: Lane; readonly workers: WorkerPool };
  /** Of both lanes. */
  readonly depth: number;
  readonly waitMs: number;
  close(): Promise<void>;
}

export interface LanesOptions {
  readonly maxQueueMs: number;
  /** Threads of the pool; default one less than processors, at least one. */
  readonly workers?: number | undefined;
  readonly onShed: (reason: ShedReason) => void;
  readonly onThreadDeath: (cause: unknown) => void;
}

/** Batches that begin in one turn of the event loop, and the estimated microseconds after which no other one does. */
const loopSlots = 8;
const loopTurnUs = 1000;

export function createLanes({ maxQueueMs, workers, onShed, onThreadDeath }: LanesOptions): Lanes {
  const loop = createLane({ slots: loopSlots, turnUs: loopTurnUs, maxQueueMs, onShed });
  let pool: { readonly lane: Lane; readonly workers: WorkerPool } | undefined;
  return {
    loop,
    pool() {
      const slots = workers ?? Math.max(1, availableParallelism() - 1);
      pool ??= {
        lane: createLane({ slots, maxQueueMs, onShed }),
        workers: createWorkerPool(slots, onThreadDeath),
      };
      return pool;
    },
    get depth() {
      return loop.depth + (pool?.lane.depth ?? 0);
    },
    get waitMs() {
      return Math.max(loop.waitMs, pool?.lane.waitMs ?? 0);
    },
    close: async () => pool?.workers.end(),
  };
}

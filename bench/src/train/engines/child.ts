/** The engine's side of the line protocol, for engines that run in Node. The Python side is `protocol.py`. */
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { readWorkload, type WorkloadData } from "../tensor-files.ts";
import type { EngineMemory, EngineReply, EngineStart } from "./protocol.ts";

/** A training run under way in this process. */
export interface TrainingRun {
  /** Packages whose versions explain the figures. */
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Takes the next `count` steps and returns the loss before each. Batches are cycled, from where the last call
   * stopped. All work is done when it resolves.
   */
  run(count: number): Promise<readonly number[]>;
}

/**
 * Answers the parent until its stdin closes: one line in, one line out.
 *
 * @param create - makes the run; what it throws is told to the parent as the reason for being absent.
 */
export async function serveEngine(
  create: (data: WorkloadData, threads: number) => Promise<TrainingRun>,
): Promise<void> {
  let training: TrainingRun | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      if (training === undefined) {
        const { dir, threads } = JSON.parse(line) as EngineStart;
        training = await create(await readWorkload(dir), threads);
        reply({ ready: true, versions: training.versions });
      } else if (line === "memory") {
        reply(await readMemory());
      } else {
        const start = performance.now();
        const losses = await training.run(Number(line.slice("run ".length)));
        reply({ milliseconds: performance.now() - start, losses });
      }
    } catch (cause) {
      reply({ problem: cause instanceof Error ? cause.message : String(cause) });
    }
  }
}

/** Needs `--expose-gc`. */
async function readMemory(): Promise<EngineMemory> {
  // What a finalizer frees is free only after it ran, which is after the collection.
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await pause(20);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { residentBytes: rss, heldBytes: heapUsed + external };
}

function reply(message: EngineReply): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

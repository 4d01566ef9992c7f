/**
 * Where a version runs: in the event loop, or in a pool of worker threads with a session each.
 *
 * The engine's `run` keeps its thread until it is done. In the event loop a small model answers three to five times as
 * many requests as through a thread; a large one would keep everything else from being answered. docs/decisions/0021 has the figures.
 */
import type { PredictRequest, RecommendRequest } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { type Answerer, defaultK } from "@attune/runtime";
import { type CostModel, costOf } from "../queue/cost.ts";
import type { AnyAnswer, AnyRequest } from "./any-request.ts";
import type { WorkerPool } from "./pool.ts";

export interface Execution {
  readonly mode: "inline" | "pool";
  /** Answers checked requests, in their order. */
  run(requests: readonly AnyRequest[]): Promise<readonly AnyAnswer[]>;
  /** Frees the session, or those of the pool. */
  close(): Promise<void>;
}

/** A version runs in the pool when a usual request keeps the thread longer than this, or its largest one longer than that. */
export const inlineLimits = { usualUs: 2000, largestUs: 30_000 } as const;

/** Whether the event loop can carry the model without being kept from everything else. */
export function isLight(cost: CostModel, manifest: ArtifactManifest): boolean {
  if (costOf(cost, { entries: 0, items: 0 }) > inlineLimits.usualUs) return false;
  if (manifest.task !== "recommend") return true;
  const { maxHistory, maxK } = manifest.limits;
  const largest = costOf(cost, { entries: maxHistory, items: Math.max(0, maxK - defaultK) });
  return largest <= inlineLimits.largestUs;
}

export function inlineExecution(answerer: Answerer): Execution {
  if (answerer.task === "recommend") {
    const { personalizer } = answerer;
    return {
      mode: "inline",
      run: (requests) => personalizer.recommendMany(requests as readonly RecommendRequest[]),
      close: () => personalizer.close(),
    };
  }
  const { predictor } = answerer;
  return {
    mode: "inline",
    run: (requests) => predictor.predictMany(requests as readonly PredictRequest[]),
    close: () => predictor.close(),
  };
}

/**
 * Opens the version in every thread and closes the session of this one; what it checks requests by stays.
 *
 * @param dir - the artifact's folder; each thread reads the model there and holds it to its sha256.
 * @throws {AttuneError} `ARTIFACT_HASH`, `FILE_READ`, `RUNTIME_LOAD`.
 */
export async function pooledExecution(answerer: Answerer, dir: string, pool: WorkerPool): Promise<Execution> {
  const id = await pool.open(dir, answerer.manifest);
  await inlineExecution(answerer).close();
  return {
    mode: "pool",
    run: (requests) => pool.run(id, requests),
    close: () => pool.close(id),
  };
}

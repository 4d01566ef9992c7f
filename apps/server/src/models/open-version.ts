/** From an artifact folder to a version that answers: loaded, proven, measured, and given its place to run. */

import { type Execution, inlineExecution, isLight, pooledExecution } from "../execution/execution.ts";
import type { Lanes } from "../execution/lanes.ts";
import { type LoadedModel, loadModel } from "../model/load-model.ts";
import type { Steps } from "../model/readiness.ts";
import type { Metrics } from "../observe/metrics.ts";
import { createVersionStatistics } from "../statistics/version-statistics.ts";
import type { ServedVersion } from "./models.ts";

export interface OpenVersionOptions {
  readonly lanes: Lanes;
  readonly metrics: Metrics;
  /** What the steps of loading are recorded by. */
  readonly readiness: Steps;
  /** `"auto"`: by the model's measured cost. 0: the event loop, whatever it costs. Otherwise the pool. */
  readonly workers: number | "auto";
}

/** @throws {AttuneError} all of `loadModel`. On failure nothing stays open. */
export async function openVersion(
  dir: string,
  served: { readonly name?: string; readonly version?: number },
  { lanes, metrics, readiness, workers }: OpenVersionOptions,
): Promise<ServedVersion> {
  const model = await loadModel(dir, readiness);
  const { name = model.manifest.name, version = model.manifest.version } = served;
  const labels = { model: name, version };
  const statistics = createVersionStatistics();
  try {
    const execution = await place(model, dir, lanes, workers);
    const { answerer } = model;
    return {
      ...model,
      name,
      version,
      check: answerer.task === "recommend" ? answerer.personalizer.check : answerer.predictor.check,
      execution,
      runner: {
        run: execution.run,
        onRun(requests, durationMs) {
          metrics.observeRun(labels, { requests, durationMs });
          statistics.observeRun(requests, durationMs);
        },
        onWait(waitMs) {
          metrics.observeWait(labels, waitMs);
          statistics.observeWait(waitMs);
        },
      },
      statistics,
      async close() {
        await execution.close();
        await model.files.close();
      },
    };
  } catch (cause) {
    await inlineExecution(model.answerer).close();
    await model.files.close();
    throw cause;
  }
}

function place(
  { answerer, cost, manifest }: LoadedModel,
  dir: string,
  lanes: Lanes,
  workers: number | "auto",
): Execution | Promise<Execution> {
  const isInline = workers === 0 || (workers === "auto" && isLight(cost, manifest));
  return isInline ? inlineExecution(answerer) : pooledExecution(answerer, dir, lanes.pool().workers);
}

/** The train step with its progress; an earlier run under the same key is taken instead. */
import { existsSync } from "node:fs";
import path from "node:path";
import { type Dataset, type ErrorCode, isAttuneError, type TaskName } from "@attune/contracts";
import type { TrainingManifest } from "@attune/contracts/manifest";
import { createNodeSession } from "@attune/runtime-node";
import {
  type Family,
  loadTraining,
  type SavedTraining,
  saveTraining,
  type TrainOptions,
  trainingFiles,
  trainingKey,
  trainModels,
} from "@attune/train";
import type { Io } from "../io.ts";
import type { Project } from "../project/load.ts";
import { describePlan } from "../terminal/plan.ts";
import { withProgress } from "../terminal/progress.ts";
import { createTrainMeter } from "../terminal/train-meter.ts";

export interface TrainingStep<T extends TaskName = TaskName> extends SavedTraining<T> {
  readonly dir: string;
  readonly cached: boolean;
}

export function runTrain<T extends TaskName>(
  project: Project<T>,
  dataset: Dataset<T>,
  family: Family<T>,
  io: Io,
): Promise<TrainingStep<T>> {
  const options = trainOptions(project);
  const key = trainingKey(dataset.manifest.key, options, family.trainers);
  const dir = path.join(project.dir, ".attune", "models", key);
  return withProgress<TrainingStep<T>>(io, "train", async (update) => {
    const saved = await loadEarlier(dir, family, io);
    if (saved !== undefined) {
      return { value: { ...saved, dir, cached: true }, summary: `${summarize(saved)}, cached` };
    }
    const meter = createTrainMeter();
    const result = await trainModels(family, dataset, options, {
      createSession: createNodeSession,
      now: io.now,
      signal: io.signal,
      onEvent(event) {
        const { done, total, note } = meter(event);
        if (event.type === "planned")
          for (const line of describePlan(event, options.exportConfig.maxBytes)) io.say(line);
        else update(done, total, note);
      },
    });
    await saveTraining(dir, result);
    const loaded = await loadTraining(dir, family);
    return { value: { ...loaded, dir, cached: false }, summary: summarize(loaded) };
  });
}

function trainOptions<T extends TaskName>({ config }: Project<T>): TrainOptions<T> {
  // The union's member for T, which TypeScript does not take apart while T is open.
  const { seed, train, export: exportConfig } = config as Project["config"];
  return { seed, train, exportConfig } as unknown as TrainOptions<T>;
}

function summarize<T extends TaskName>(training: SavedTraining<T>): string {
  const manifest: TrainingManifest = training.manifest;

  return `${manifest.chosen} chosen of ${manifest.models.length} models`;
}

/** What is wrong with an earlier run and is mended by training again. */
const replaceable: ReadonlySet<string> = new Set<ErrorCode>([
  "TRAIN_DAMAGED",
  "TRAIN_CONFIG",
  "TRAIN_UNKNOWN_KIND",
  "MANIFEST_INVALID",
  "MANIFEST_VERSION",
]);

/** What an earlier run left under the same key; what is damaged is said and trained again. */
async function loadEarlier<T extends TaskName>(
  dir: string,
  family: Family<T>,
  io: Io,
): Promise<SavedTraining<T> | undefined> {
  if (!existsSync(path.join(dir, trainingFiles.manifest))) return undefined;
  try {
    return await loadTraining(dir, family);
  } catch (error) {
    if (!isAttuneError(error) || !replaceable.has(error.code)) throw error;
    io.say(error.message);
    return undefined;
  }
}

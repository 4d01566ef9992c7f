/** The train step with its progress; an earlier run under the same key is taken instead. */
import { existsSync } from "node:fs";
import path from "node:path";
import { type Dataset, isAttuneError } from "@attune/contracts";
import { createNodeSession } from "@attune/runtime-node";
import {
  loadTraining,
  type SavedTraining,
  saveTraining,
  type TrainingEvent,
  trainingFiles,
  trainingKey,
  trainModels,
} from "@attune/train";
import type { Io } from "../io.ts";
import type { Project } from "../project/load.ts";
import { withProgress } from "../terminal/progress.ts";
import { formatBytes } from "../terminal/sizes.ts";

export interface TrainingStep extends SavedTraining {
  readonly dir: string;
  readonly cached: boolean;
}

export function runTrain(project: Project, dataset: Dataset, io: Io): Promise<TrainingStep> {
  const { seed, train, export: exportConfig } = project.config;
  const options = { seed, train, exportConfig };
  const dir = path.join(project.dir, ".attune", "models", trainingKey(dataset.manifest.key, options));
  return withProgress<TrainingStep>(io, "train", async (update) => {
    const saved = await loadEarlier(dir, io);
    if (saved !== undefined) {
      const summary = `${saved.manifest.chosen} chosen of ${saved.manifest.models.length} models, cached`;
      return { value: { ...saved, dir, cached: true }, summary };
    }
    const meter = createMeter();
    const result = await trainModels(dataset, options, {
      createSession: createNodeSession,
      now: io.now,
      signal: io.signal,
      onEvent(event) {
        const { done, total, note } = meter(event);
        if (event.type === "projected") io.say(describeProjection(event, exportConfig.maxBytes));
        else update(done, total, note);
      },
    });
    await saveTraining(dir, result);
    const summary = `${result.manifest.chosen} chosen of ${result.manifest.models.length} models`;
    return { value: { ...(await loadTraining(dir)), dir, cached: false }, summary };
  });
}

/** What an earlier run left under the same key; what is damaged is said and trained again. */
async function loadEarlier(dir: string, io: Io): Promise<SavedTraining | undefined> {
  if (!existsSync(path.join(dir, trainingFiles.manifest))) return undefined;
  try {
    return await loadTraining(dir);
  } catch (error) {
    if (!isAttuneError(error, "TRAIN_DAMAGED") && !isAttuneError(error, "MANIFEST_INVALID")) throw error;
    io.say(error.message);
    return undefined;
  }
}

type Projected = Extract<TrainingEvent, { type: "projected" }>;

/** The size of every model before any is trained. */
function describeProjection({ models, users }: Projected, limitBytes: number): string {
  const sizes = models.map(({ kind, bytes }) => `${kind} ${formatBytes(bytes)}`).join(", ");
  return `Projected model sizes: ${sizes} (limit ${formatBytes(limitBytes)}). Ranking ${users.validation} validation and ${users.test} test users.`;
}

/** Turns events into a share of the work: a fit and a ranking per trial, one refit per model. */
function createMeter(): (event: TrainingEvent) => { done: number; total: number; note: string } {
  let total = 1;
  let done = 0;
  let note = "";
  let within = 0;
  const shares = new Map<string, number>();
  return (event) => {
    if (event.type === "projected") {
      for (const { kind, trials } of event.models) shares.set(kind, trials);
      total = event.models.reduce((sum, { trials }) => sum + trials + 1, 0);
    } else if (event.type === "epoch") {
      within = event.epoch / (event.epochs + 1);
      note = `${event.kind} epoch ${event.epoch}/${event.epochs}, loss ${event.loss.toFixed(3)}`;
    } else if (event.type === "trial") {
      within = 0;
      done = Math.max(done, sumBefore(shares, event.kind) + event.trial);
      note = `${event.kind} ${event.trial}/${event.trials} ${event.metric} ${event.value.toFixed(4)}`;
    } else if (event.type === "fitted") {
      within = 0;
      done++;
      note = `${event.kind} fitted`;
    }
    return { done: done + within, total, note };
  };
}

function sumBefore(shares: ReadonlyMap<string, number>, kind: string): number {
  let sum = 0;
  for (const [name, trials] of shares) {
    if (name === kind) break;
    sum += trials;
  }
  return sum;
}

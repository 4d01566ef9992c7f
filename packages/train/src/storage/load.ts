/** Reads a training folder back into models; refuses one that is not whole. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AttuneError, type TaskName } from "@attune/contracts";
import { parseJsonBytes, parseTrainingManifest, type TrainingManifest } from "@attune/contracts/manifest";
import { hashBytes, readBytes } from "@attune/store";
import type { FittedModel } from "../model.ts";
import type { ModelPair } from "../model-pair.ts";
import { readSafetensors } from "../safetensors.ts";
import { parseConfig } from "../search-grid.ts";
import type { FeatureSchema } from "../task.ts";
import type { Family } from "../trainer.ts";
import { trainingFiles } from "./save.ts";

/** A training result from disk: what `export` and `evaluate` need. */
export interface SavedTraining<T extends TaskName = TaskName> {
  readonly manifest: TrainingManifest<T>;
  readonly measured: ModelPair<T>;
  readonly released: ModelPair<T>;
}

/**
 * @param family - the task the folder must be of, and the trainers that restore its models.
 * @throws {AttuneError} `FILE_READ` without a manifest, `MANIFEST_INVALID` (also when it is of another task),
 * `MANIFEST_VERSION`, `TRAIN_DAMAGED` when a file is missing or is not the one of the manifest, `TRAIN_UNKNOWN_KIND`
 * when it holds a model that the family has no trainer for.
 */
export async function loadTraining<T extends TaskName>(
  dir: string,
  family: Family<T>,
): Promise<SavedTraining<T>> {
  const path = join(dir, trainingFiles.manifest);
  const manifest = parseTrainingManifest(parseJsonBytes(await readBytes(path), path), path);
  assertTask(manifest, family.task.name, path);
  const files = await readFiles(dir, manifest);
  const restore = (pair: "measured" | "released") => restorePair(dir, family, manifest, pair, files);
  return { manifest, measured: restore("measured"), released: restore("released") };
}

function restorePair<T extends TaskName>(
  dir: string,
  family: Family<T>,
  manifest: TrainingManifest<T>,
  pair: "measured" | "released",
  files: ReadonlyMap<string, Uint8Array>,
): ModelPair<T> {
  const names = trainingFiles[pair];
  // Held to its hash, so it is what `saveTraining` wrote.
  const schema = parseJsonBytes(files.get(names.schema)!, names.schema) as FeatureSchema;
  const restore = (kind: string, file: string): FittedModel<T> => {
    const trainer = family.trainers.find((one) => one.kind === kind);
    if (trainer === undefined) {
      const supported = family.trainers.map((one) => one.kind);
      throw new AttuneError("TRAIN_UNKNOWN_KIND", { kinds: [kind], supported });
    }
    const row = manifest.models.find((model) => model.kind === kind);
    if (row === undefined) {
      const problems = [`${trainingFiles.manifest} names ${kind} and has no figures of it`];
      throw new AttuneError("TRAIN_DAMAGED", { dir, problems });
    }
    const config = parseConfig(kind, trainer.configSchema, row.hyperparameters);
    return trainer.restore(config, readSafetensors(files.get(file)!, file), schema);
  };
  return {
    chosen: restore(manifest.chosen, names.chosen),
    baseline: restore(manifest.baseline, names.baseline),
    schema,
  };
}

function assertTask<T extends TaskName>(
  manifest: TrainingManifest,
  task: T,
  source: string,
): asserts manifest is TrainingManifest<T> {
  if (manifest.task === task) return;
  throw new AttuneError("MANIFEST_INVALID", {
    source,
    issues: [`task: the model was trained to ${manifest.task}, the config asks to ${task}`],
  });
}

/** Weights and schema; every missing or changed file is named. */
async function readFiles(dir: string, manifest: TrainingManifest): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const problems: string[] = [];
  const wanted = [trainingFiles.released, trainingFiles.measured].flatMap((pair) => Object.values(pair));
  for (const file of wanted) {
    const bytes = await readFile(join(dir, file)).catch(() => undefined);
    const expected = manifest.files[file]?.sha256;
    if (bytes === undefined) problems.push(`${file} is missing`);
    else if (hashBytes(bytes).sha256 !== expected) problems.push(`${file} was changed`);
    else files.set(file, bytes);
  }
  if (problems.length > 0) throw new AttuneError("TRAIN_DAMAGED", { dir, problems });
  return files;
}

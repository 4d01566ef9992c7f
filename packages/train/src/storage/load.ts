/** Reads a training folder back into models; refuses one that is not whole. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AttuneError } from "@attune/contracts";
import { parseJsonBytes, parseTrainingManifest, type TrainingManifest } from "@attune/contracts/manifest";
import { hashBytes, readBytes } from "@attune/store";
import { popularityScores } from "@attune/recommenders";
import { parseConfig } from "../search-grid.ts";
import type { FittedModel } from "../trainer.ts";
import { findTrainers } from "@attune/recommenders";
import { readSafetensors } from "./safetensors.ts";
import { trainingFiles } from "./save.ts";

/** A training result from disk: what `export` needs. */
export interface SavedTraining {
  readonly manifest: TrainingManifest;
  readonly chosen: FittedModel;
  readonly popularity: FittedModel;
  /** `[items]` */
  readonly popularityScores: Float32Array;
}

/**
 * @throws {AttuneError} `FILE_READ` without a manifest, `MANIFEST_INVALID`, `MANIFEST_VERSION`, `TRAIN_DAMAGED` when a
 * file is missing or is not the one of the manifest, `TRAIN_UNKNOWN_KIND` when it holds a model of a later version.
 */
export async function loadTraining(dir: string): Promise<SavedTraining> {
  const path = join(dir, trainingFiles.manifest);
  const manifest = parseTrainingManifest(parseJsonBytes(await readBytes(path), path), path);
  const files = await readFiles(dir, manifest);
  const restore = (kind: string, file: string): FittedModel => {
    const [trainer] = findTrainers([kind]);
    const row = manifest.models.find((model) => model.kind === kind);
    const config = parseConfig(kind, trainer!.configSchema, row?.hyperparameters ?? {});
    return trainer!.restore(config, readSafetensors(files.get(file)!, join(dir, file)));
  };
  const popularity = restore(manifest.baseline, trainingFiles.popularity);
  return {
    manifest,
    chosen: restore(manifest.chosen, trainingFiles.chosen),
    popularity,
    popularityScores: popularityScores(popularity.tensors()),
  };
}

/** Both weight files; every missing or changed one is named. */
async function readFiles(dir: string, manifest: TrainingManifest): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const problems: string[] = [];
  for (const file of [trainingFiles.chosen, trainingFiles.popularity]) {
    const bytes = await readFile(join(dir, file)).catch(() => undefined);
    const expected = manifest.files[file]?.sha256;
    if (bytes === undefined) problems.push(`${file} is missing`);
    else if (hashBytes(bytes).sha256 !== expected) problems.push(`${file} was changed`);
    else files.set(file, bytes);
  }
  if (problems.length > 0) throw new AttuneError("TRAIN_DAMAGED", { dir, problems });
  return files;
}

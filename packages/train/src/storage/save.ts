/** Writes a training result as a folder that appears whole. */
import type { TrainingManifest } from "@attune/contracts/manifest";
import { hashBytes, jsonBytes, writeFolder } from "@attune/store";
import type { TrainingResult } from "../training/train-models.ts";
import { writeSafetensors } from "./safetensors.ts";

/** The files of a training folder, by role. */
export const trainingFiles = {
  manifest: "manifest.json",
  chosen: "model.safetensors",
  popularity: "popularity.safetensors",
} as const;

/**
 * Saves a result under `dir`, replacing what was there. Readers see the old folder or the new one, never half of it.
 *
 * @throws {AttuneError} `FILE_WRITE`; what was there before is untouched.
 */
export async function saveTraining(dir: string, result: TrainingResult): Promise<TrainingManifest> {
  const files = new Map<string, Uint8Array>();
  for (const part of ["chosen", "popularity"] as const) {
    files.set(trainingFiles[part], writeSafetensors(result[part].tensors()));
  }
  const hashes = Object.fromEntries(Array.from(files, ([name, bytes]) => [name, hashBytes(bytes)]));
  const manifest: TrainingManifest = { ...result.manifest, files: hashes };
  files.set(trainingFiles.manifest, jsonBytes(manifest));
  await writeFolder(dir, files, () => false);
  return manifest;
}

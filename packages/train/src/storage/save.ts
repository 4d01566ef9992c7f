/** Writes a training result as a folder that appears whole. */
import type { TaskName } from "@attune/contracts";
import type { TrainingManifest } from "@attune/contracts/manifest";
import { hashBytes, jsonBytes, writeFolder } from "@attune/store";
import { writeSafetensors } from "../safetensors.ts";
import type { TrainingResult } from "../train-models.ts";

/** The files of a training folder, by role. */
export const trainingFiles = {
  manifest: "manifest.json",
  released: {
    chosen: "model.safetensors",
    baseline: "baseline.safetensors",
    /** Columns, classes and levels: how raw values became the codes that the weights were fitted with. */
    schema: "schema.json",
  },
  measured: {
    chosen: "measured-model.safetensors",
    baseline: "measured-baseline.safetensors",
    schema: "measured-schema.json",
  },
} as const;

/**
 * Saves a result under `dir`, replacing what was there. Readers see the old folder or the new one, never half of it.
 *
 * @throws {AttuneError} `FILE_WRITE`; what was there before is untouched.
 */
export async function saveTraining<T extends TaskName>(
  dir: string,
  result: TrainingResult<T>,
): Promise<TrainingManifest<T>> {
  const files = new Map<string, Uint8Array>();
  for (const pair of ["released", "measured"] as const) {
    const { chosen, baseline, schema } = result[pair];
    files.set(trainingFiles[pair].chosen, writeSafetensors(chosen.tensors()));
    files.set(trainingFiles[pair].baseline, writeSafetensors(baseline.tensors()));
    files.set(trainingFiles[pair].schema, jsonBytes(schema));
  }
  const hashes = Object.fromEntries(Array.from(files, ([name, bytes]) => [name, hashBytes(bytes)]));
  // A manifest without its files, and the files.
  const manifest = { ...result.manifest, files: hashes } as unknown as TrainingManifest<T>;
  files.set(trainingFiles.manifest, jsonBytes(manifest));
  await writeFolder(dir, files, () => false);
  return manifest;
}

/** Writes a training result: into a folder beside, manifest last, then renamed into place. */
import { createHash } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AttuneError } from "@attune/contracts";
import type { TrainingManifest } from "@attune/contracts/manifest";
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
  const beside = join(dirname(dir), `.${basename(dir)}.${process.pid}.new`);
  const old = join(dirname(dir), `.${basename(dir)}.${process.pid}.old`);
  try {
    await rm(beside, { recursive: true, force: true });
    await mkdir(beside, { recursive: true });
    const files: Record<string, { sha256: string; bytes: number }> = {};
    for (const part of ["chosen", "popularity"] as const) {
      const bytes = writeSafetensors(result[part].tensors());
      await writeFile(join(beside, trainingFiles[part]), bytes);
      files[trainingFiles[part]] = {
        sha256: createHash("sha256").update(bytes).digest("hex"),
        bytes: bytes.length,
      };
    }
    const manifest: TrainingManifest = { ...result.manifest, files };
    await writeFile(join(beside, trainingFiles.manifest), `${JSON.stringify(manifest, undefined, 2)}\n`);
    await replaceFolder(dir, beside, old);
    return manifest;
  } catch (cause) {
    // What failed to be written may fail to be removed; the first failure is the one to tell.
    await rm(beside, { recursive: true, force: true }).catch(() => undefined);
    throw new AttuneError("FILE_WRITE", { path: dir, reason: String(cause) }, { cause });
  }
}

/** A folder with something in it cannot be renamed over: the old one steps aside first. */
async function replaceFolder(dir: string, beside: string, old: string): Promise<void> {
  const existed = await rename(dir, old).then(
    () => true,
    () => false,
  );
  try {
    await rename(beside, dir);
  } catch (error) {
    if (existed) await rename(old, dir);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

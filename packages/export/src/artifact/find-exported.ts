import path from "node:path";
import type { TaskName } from "@attune/contracts";
import {
  type ArtifactManifest,
  artifactFiles,
  parseArtifactManifest,
  parseJsonBytes,
} from "@attune/contracts/manifest";
import { canonicalJson, hashBytes, readBytes } from "@attune/store";

/**
 * A version, if it is the same export: model, training, data, config and tools alike, every file intact. One that cannot
 * be read is not it.
 *
 * @param draft - the manifest that an export would write, with the model's hash; its version does not matter.
 */
export async function findExported<T extends TaskName>(
  home: string,
  version: number | undefined,
  draft: ArtifactManifest<T>,
): Promise<{ readonly dir: string; readonly manifest: ArtifactManifest<T> } | undefined> {
  if (version === undefined) return undefined;
  const dir = path.join(home, String(version));
  const manifest = await readManifest(dir);
  const isSame = manifest !== undefined && identity(manifest) === identity(draft);
  if (!isSame || !(await isIntact(dir, manifest))) return undefined;
  // The same config, and the task is part of it.
  return { dir, manifest: manifest as ArtifactManifest<T> };
}

/** What makes two exports the same. How long a fit took does not. */
function identity({ name, trainingKey, data, config, tools, files }: ArtifactManifest): string {
  const sha256 = files[artifactFiles.model]?.sha256;
  return canonicalJson({ name, trainingKey, data: data.key, config, tools, sha256 });
}

async function readManifest(dir: string): Promise<ArtifactManifest | undefined> {
  const file = path.join(dir, artifactFiles.manifest);
  try {
    return parseArtifactManifest(parseJsonBytes(await readBytes(file), file), file);
  } catch {
    return undefined;
  }
}

async function isIntact(dir: string, { files }: ArtifactManifest): Promise<boolean> {
  for (const [name, { sha256 }] of Object.entries(files)) {
    const bytes = await readBytes(path.join(dir, name)).catch(() => undefined);
    if (bytes === undefined || hashBytes(bytes).sha256 !== sha256) return false;
  }
  return true;
}

import path from "node:path";
import { setTimeout } from "node:timers/promises";
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
  for (let attempt = 0; ; attempt++) {
    const manifest = await readManifest(dir);
    if (manifest === undefined || identity(manifest) !== identity(draft)) return undefined;
    const changed = await findChanged(dir, manifest);
    // The same config, and the task is part of it.
    if (changed.length === 0) return { dir, manifest: manifest as ArtifactManifest<T> };
    const mayBeUnderWay = changed.every((name) => rewritten.has(name));
    if (!mayBeUnderWay || attempt === lookAgain) return undefined;
    await setTimeout(lookAgainMs);
  }
}

/** Files that another run's `writeParity` replaces, its manifest after them: for a moment they do not fit. */
const rewritten: ReadonlySet<string> = new Set([artifactFiles.card, artifactFiles.report]);
const lookAgain = 5;
const lookAgainMs = 100;

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

/** Files that are not those the manifest promises. */
async function findChanged(dir: string, { files }: ArtifactManifest): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const [name, { sha256 }] of Object.entries(files)) {
    const bytes = await readBytes(path.join(dir, name)).catch(() => undefined);
    if (bytes === undefined || hashBytes(bytes).sha256 !== sha256) changed.push(name);
  }
  return changed;
}

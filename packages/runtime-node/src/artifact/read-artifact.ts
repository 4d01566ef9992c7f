/** Reads an artifact folder: manifest first, then every listed file against its sha256, and only then anything else. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AttuneError, type ItemDetails, type TaskName } from "@attune/contracts";
import {
  type ArtifactManifest,
  artifactFiles,
  type GoldenFile,
  parseArtifactManifest,
  parseGoldenFile,
  parseJsonBytes,
} from "@attune/contracts/manifest";

interface ArtifactOf<T extends TaskName> {
  readonly dir: string;
  readonly task: T;
  readonly manifest: ArtifactManifest<T>;
  /** The ONNX file. */
  readonly model: Uint8Array;
  readonly golden: GoldenFile<T>;
  /** What a person reads of each item; absent when the dataset has no items table. */
  readonly items?: readonly ItemDetails[];
}

/** A checked artifact in memory: a union that `task` narrows. */
export type Artifact<T extends TaskName = TaskName> = { [K in T]: ArtifactOf<K> }[T];

/**
 * Reads `dir` and refuses it unless every file the manifest lists is there with the promised bytes.
 *
 * @throws {AttuneError} `ARTIFACT_MISSING_FILE` and `ARTIFACT_HASH`, each with all files concerned;
 * `MANIFEST_INVALID`, `MANIFEST_VERSION` (written by a newer Attune); `FILE_READ` on any other IO failure.
 */
export async function readArtifact(dir: string): Promise<Artifact> {
  const manifest = await readManifest(dir);
  const files = await readListedFiles(dir, manifest);
  const goldenPath = join(dir, artifactFiles.golden);
  const golden = parseGoldenFile(parseJsonBytes(files.get(artifactFiles.golden)!, goldenPath), goldenPath);
  if (golden.task !== manifest.task) {
    const issues = [`task: the rows are of ${golden.task}, the manifest is of ${manifest.task}`];
    throw new AttuneError("MANIFEST_INVALID", { source: goldenPath, issues });
  }
  const model = files.get(artifactFiles.model)!;
  const items = files.get(artifactFiles.items);
  return {
    dir,
    task: manifest.task,
    manifest,
    model,
    golden,
    ...(items !== undefined && { items: parseItems(items, join(dir, artifactFiles.items)) }),
    // Manifest and golden rows are of one task, as was just checked.
  } as Artifact;
}

async function readManifest(dir: string): Promise<ArtifactManifest> {
  const path = join(dir, artifactFiles.manifest);
  const bytes = await readIfThere(path);
  if (bytes === undefined) {
    throw new AttuneError("ARTIFACT_MISSING_FILE", { dir, files: [artifactFiles.manifest] });
  }
  const manifest = parseArtifactManifest(parseJsonBytes(bytes, path), path);
  const names = Object.keys(manifest.files);
  const issues = names
    .filter((name) => !/^[\w][\w.-]*$/.test(name))
    .map((name) => `files: ${JSON.stringify(name)} is not a plain file name`);
  for (const name of [artifactFiles.model, artifactFiles.golden]) {
    if (!names.includes(name)) issues.push(`files: ${name} is not listed`);
  }
  if (issues.length > 0) throw new AttuneError("MANIFEST_INVALID", { source: path, issues });
  return manifest;
}

async function readListedFiles(dir: string, manifest: ArtifactManifest): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const missing: string[] = [];
  const damaged: string[] = [];
  for (const [name, expected] of Object.entries(manifest.files)) {
    const bytes = await readIfThere(join(dir, name));
    if (bytes === undefined) {
      missing.push(name);
      continue;
    }
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    if (bytes.byteLength !== expected.bytes) {
      damaged.push(`${name}: ${bytes.byteLength} bytes, expected ${expected.bytes}`);
    } else if (sha256 !== expected.sha256) {
      damaged.push(`${name}: sha256 ${sha256}, expected ${expected.sha256}`);
    }
    files.set(name, bytes);
  }
  if (missing.length > 0) throw new AttuneError("ARTIFACT_MISSING_FILE", { dir, files: missing });
  if (damaged.length > 0) throw new AttuneError("ARTIFACT_HASH", { dir, files: damaged });
  return files;
}

/** `undefined` when there is no such file. */
async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError("FILE_READ", { path, reason }, { cause });
  }
}

/** The hash says it is the exporter's file; this guards against an exporter of another version. */
function parseItems(bytes: Uint8Array, source: string): readonly ItemDetails[] {
  const value = parseJsonBytes(bytes, source);
  const fits = (item: Partial<ItemDetails> | null) =>
    typeof item?.id === "string" && typeof item.title === "string";
  if (Array.isArray(value) && value.every(fits)) return value;
  throw new AttuneError("MANIFEST_INVALID", {
    source,
    issues: ["(root): expected a list of { id, title, … }"],
  });
}

/** Where versions come from: a repository of many, or one artifact's folder. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AttuneError } from "@attune/contracts";
import {
  type AliasEntry,
  type ArtifactManifest,
  artifactFiles,
  parseArtifactManifest,
  parseJsonBytes,
} from "@attune/contracts/manifest";

/** A complete version on disk: its manifest is there, nothing of it has been proven. */
export interface Candidate {
  readonly name: string;
  readonly version: number;
  readonly dir: string;
}

/** What a source holds now. */
export interface Scan {
  /** Name → version → candidate. */
  readonly models: ReadonlyMap<string, ReadonlyMap<number, Candidate>>;
  /** What was passed over, one line each, without the path of the repository. */
  readonly warnings: readonly string[];
  /** Undefined without an alias file; an error when it cannot be taken over. */
  readonly aliases: readonly AliasEntry[] | AttuneError<"SERVER_ALIASES"> | undefined;
}

export interface VersionSource {
  /** A single artifact may change its name and version; it is still the one that answers. */
  readonly kind: "repository" | "artifact";
  /** @throws {AttuneError} `SERVER_REPOSITORY`; of a single artifact, what `readManifest` throws. */
  scan(): Promise<Scan>;
}

/** @throws {AttuneError} `ARTIFACT_MISSING_FILE`, `FILE_READ`, `MANIFEST_INVALID`, `MANIFEST_VERSION`. */
export async function readManifest(dir: string): Promise<ArtifactManifest> {
  const path = join(dir, artifactFiles.manifest);
  return parseArtifactManifest(parseJsonBytes(await read(path, dir), path), path);
}

async function read(path: string, dir: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      throw new AttuneError("ARTIFACT_MISSING_FILE", { dir, files: [artifactFiles.manifest] }, { cause });
    }
    throw new AttuneError("FILE_READ", { path, reason: message }, { cause });
  }
}

/** The artifact's files as they are served: bytes that were hashed, kept in memory. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { AttuneError } from "@attune/contracts";
import { artifactFiles, parseJsonBytes } from "@attune/contracts/manifest";
import type { Artifact } from "@attune/runtime-node";

export interface ServedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

/** File name → media type: the files a browser or a release tool may fetch. */
export const servedMediaTypes: Readonly<Record<string, string>> = {
  [artifactFiles.model]: "application/octet-stream",
  [artifactFiles.manifest]: "application/json; charset=utf-8",
  [artifactFiles.golden]: "application/json; charset=utf-8",
  [artifactFiles.report]: "text/html; charset=utf-8",
  [artifactFiles.items]: "application/json; charset=utf-8",
};

/**
 * Reads what `/artifact/` serves. Listed files are compared with the manifest once more, and the manifest with the one
 * that was read: `readArtifact` checked the bytes it read, these are the bytes we send.
 *
 * @throws {AttuneError} `ARTIFACT_HASH` when a file changed meanwhile, `FILE_READ` when it cannot be read.
 */
export async function readServedFiles(artifact: Artifact): Promise<ReadonlyMap<string, ServedFile>> {
  const { dir, manifest } = artifact;
  const served = new Map<string, ServedFile>();
  const damaged: string[] = [];
  for (const [name, mediaType] of Object.entries(servedMediaTypes)) {
    const listed = manifest.files[name];
    if (listed === undefined && name !== artifactFiles.manifest) continue;
    const bytes = name === artifactFiles.model ? asBuffer(artifact.model) : await readBytes(join(dir, name));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    if (listed !== undefined && listed.sha256 !== sha256) {
      damaged.push(`${name}: sha256 ${sha256}, expected ${listed.sha256}`);
    }
    if (listed === undefined && !isDeepStrictEqual(parseJsonBytes(bytes, join(dir, name)), manifest)) {
      damaged.push(`${name}: replaced while it was read; start again`);
    }
    served.set(name, { name, mediaType, bytes, sha256 });
  }
  if (damaged.length > 0) throw new AttuneError("ARTIFACT_HASH", { dir, files: damaged });
  return served;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError("FILE_READ", { path, reason }, { cause });
  }
}

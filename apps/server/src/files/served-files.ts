/** The files of an artifact that anybody may fetch, each with its compressed forms, opened and held to the manifest. */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { AttuneError } from "@attune/contracts";
import {
  type ArtifactManifest,
  artifactFiles,
  compressedForms,
  parseJsonBytes,
} from "@attune/contracts/manifest";
import type { ContentCoding } from "./negotiate-coding.ts";
import { type OpenedFile, openFile } from "./opened-file.ts";

export interface ServedFile {
  readonly name: string;
  readonly mediaType: string;
  /** As it is. */
  readonly identity: OpenedFile;
  /** Compressed, where the artifact has it. */
  readonly coded: ReadonlyMap<ContentCoding, OpenedFile>;
}

/** The public files of one version of a model. They stay readable until `close`, also when the folder is gone. */
export interface ServedFiles {
  /** Of model.onnx: what the version's own URLs are named after. */
  readonly sha256: string;
  get(name: string): ServedFile | undefined;
  /** Resolves when nothing is being sent any more. Twice is fine. */
  close(): Promise<void>;
}

/**
 * File name → media type. Golden rows, card and report are for whoever has the folder: a page needs none of them, and the
 * report tells more of the data than a model does.
 */
export const publicMediaTypes: Readonly<Record<string, string>> = {
  [artifactFiles.model]: "application/octet-stream",
  [artifactFiles.manifest]: "application/json; charset=utf-8",
  [artifactFiles.items]: "application/json; charset=utf-8",
};

/**
 * Opens what `/artifact/` serves. Listed files are held to the manifest, and the manifest to the one that was read: what is
 * loaded and what is sent are then of one release.
 *
 * @throws {AttuneError} `ARTIFACT_HASH` with every file that does not fit, `FILE_READ` when one cannot be read. Nothing
 * stays open then.
 */
export async function readServedFiles(dir: string, manifest: ArtifactManifest): Promise<ServedFiles> {
  const opened: OpenedFile[] = [];
  const damaged: string[] = [];

  async function openListed(name: string): Promise<OpenedFile> {
    const file = await openFile(join(dir, name));
    opened.push(file);
    const listed = manifest.files[name];
    if (listed !== undefined && listed.sha256 !== file.sha256) {
      damaged.push(`${name}: sha256 ${file.sha256}, expected ${listed.sha256}`);
    }
    if (listed === undefined && !isDeepStrictEqual(await readJson(file, name), manifest)) {
      damaged.push(`${name}: replaced while it was read; start again`);
    }
    return file;
  }

  async function openOne(name: string, mediaType: string): Promise<ServedFile> {
    const identity = await openListed(name);
    const coded = new Map<ContentCoding, OpenedFile>();
    for (const { coding, suffix } of compressedForms) {
      if (Object.hasOwn(manifest.files, name + suffix)) coded.set(coding, await openListed(name + suffix));
    }
    return { name, mediaType, identity, coded };
  }

  const closeAll = async () => {
    await Promise.all(opened.map((file) => file.close()));
  };
  const served = new Map<string, ServedFile>();
  try {
    for (const [name, mediaType] of Object.entries(publicMediaTypes)) {
      const isThere = name === artifactFiles.manifest || Object.hasOwn(manifest.files, name);
      if (isThere) served.set(name, await openOne(name, mediaType));
    }
    if (damaged.length > 0) throw new AttuneError("ARTIFACT_HASH", { dir, files: damaged });
  } catch (cause) {
    await closeAll();
    throw cause;
  }
  return {
    sha256: manifest.files[artifactFiles.model]?.sha256 ?? "",
    get: (name) => served.get(name),
    close: closeAll,
  };
}

async function readJson(file: OpenedFile, source: string): Promise<unknown> {
  const chunks = await file.stream(0, file.sizeBytes).toArray();
  return parseJsonBytes(Buffer.concat(chunks as Buffer[]), source);
}

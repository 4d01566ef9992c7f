/** The files of a dataset folder: their names and the check that they are what the manifest promises. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { AttuneError, isAttuneError } from "@attune/contracts";
import { type DatasetManifest, parseDatasetManifest, parseJsonBytes } from "@attune/contracts/manifest";
import { type FileHash, hashFile, readBytes } from "@attune/store";
import { rejectedFile } from "../bad-rows/rejected-file.ts";

/** Files of one catalogue and its events. */
export interface CatalogueFiles {
  readonly events: string;
  readonly items: string;
  readonly users: string;
}

export const measuredFiles: CatalogueFiles = {
  events: "events.parquet",
  items: "items.parquet",
  users: "users.parquet",
};

export const releasedFiles: CatalogueFiles = {
  events: "release-events.parquet",
  items: "release-items.parquet",
  users: "release-users.parquet",
};

const dataFiles: readonly string[] = [measuredFiles, releasedFiles].flatMap((files) =>
  Object.values<string>({ ...files }),
);

/** Files of a dataset beside `manifest.json`, which is written last. */
export function filesOf({ badRows }: Pick<DatasetManifest<"recommend">, "badRows">): readonly string[] {
  return badRows === undefined ? dataFiles : [...dataFiles, rejectedFile];
}

export const manifestFile = "manifest.json";

/**
 * Reads a dataset's manifest and holds every file to it.
 *
 * @throws {AttuneError} `FILE_READ` without a manifest, `MANIFEST_INVALID`, `MANIFEST_VERSION`,
 * `DATA_TASK` for that of another task, `DATA_DAMAGED` with every file that is missing or differs.
 */
export async function readManifest(dir: string): Promise<DatasetManifest<"recommend">> {
  const path = join(dir, manifestFile);
  const manifest = parseDatasetManifest(parseJsonBytes(await readBytes(path), path), path);
  if (manifest.task !== "recommend") {
    throw new AttuneError("DATA_TASK", { task: manifest.task, supported: ["recommend"] });
  }
  const problems: string[] = [];
  for (const file of filesOf(manifest)) {
    const problem = await checkFile(join(dir, file), manifest.files[file]);
    if (problem !== undefined) problems.push(`${file} ${problem}`);
  }
  if (problems.length > 0) throw new AttuneError("DATA_DAMAGED", { dir, files: problems });
  return manifest;
}

/** The manifest of a whole dataset with this key, or `undefined` when there is none. */
export async function findDataset(
  dir: string,
  key: string,
): Promise<DatasetManifest<"recommend"> | undefined> {
  try {
    const manifest = await readManifest(dir);
    return manifest.key === key ? manifest : undefined;
  } catch (cause) {
    if (isAttuneError(cause)) return undefined;
    throw cause;
  }
}

async function checkFile(path: string, promised: FileHash | undefined): Promise<string | undefined> {
  if (promised === undefined) return "is not in the manifest";
  const size = await stat(path).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === undefined) return "is missing";
  if (size !== promised.bytes) return `has ${size} bytes, the manifest says ${promised.bytes}`;
  const { sha256 } = await hashFile(path);
  return sha256 === promised.sha256
    ? undefined
    : `has sha256 ${sha256}, the manifest says ${promised.sha256}`;
}

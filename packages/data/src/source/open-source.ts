/** One source file of the config: found, its format known, read once. */
import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { AttuneError } from "@attune/contracts";
import type { FileFormat } from "@attune/contracts/config";
import { scanFile, type TextScan } from "./scan.ts";

/** A file that exists and can be read. */
export interface SourceFile {
  /** Absolute; this one goes into errors. */
  readonly path: string;
  /** As the config has it; this one goes into the manifest. */
  readonly name: string;
  readonly format: FileFormat;
  readonly sha256: string;
  /** Another one stands for another content: it was taken before the file was read. */
  readonly stamp: string;
  /** What its bytes hold; absent for Parquet. */
  readonly text: TextScan | undefined;
}

/** Formats by file extension. */
const formats: Readonly<Record<string, FileFormat>> = {
  ".csv": "csv",
  ".tsv": "tsv",
  ".tab": "tsv",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".parquet": "parquet",
};

/**
 * Finds and reads a source file once, in chunks.
 *
 * @param role - what the file is of (`"events"`, `"items"`, …), for the error.
 * @throws {AttuneError} `DATA_FILE_NOT_FOUND`, `DATA_FORMAT`, and what `scanFile` throws.
 */
export async function openSource(
  source: { readonly path: string; readonly format?: FileFormat | undefined },
  projectDir: string,
  role: string,
): Promise<SourceFile> {
  const path = resolve(projectDir, source.path);
  const name = source.path;
  const stamp = stampOf(await checkIsFile(path, role));
  const format = source.format ?? formatOf(path);
  return { path, name, format, stamp, ...(await scanFile(path, format)) };
}

/** @throws {AttuneError} `DATA_FORMAT` for an extension that names no format. */
export function formatOf(path: string): FileFormat {
  const format = formats[extname(path).toLowerCase()];
  if (format === undefined) {
    throw new AttuneError("DATA_FORMAT", { path, supported: Object.keys(formats) });
  }
  return format;
}

/** @throws {AttuneError} `DATA_FILE_NOT_FOUND`, `FILE_READ` for what is no regular file. */
export async function checkIsFile(path: string, role: string): Promise<Stats> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") {
      throw new AttuneError("DATA_FILE_NOT_FOUND", { path, role }, { cause });
    }
    throw new AttuneError("FILE_READ", { path, reason: cause.message }, { cause });
  });
  if (!found.isFile()) {
    const reason = found.isDirectory() ? "it is a folder, a file is needed" : "it is no regular file";
    throw new AttuneError("FILE_READ", { path, reason });
  }
  return found;
}

const stampOf = ({ size, mtimeMs, ino }: Stats) => `${size} ${mtimeMs} ${ino}`;

/**
 * To be called behind each further reading of a file: its hash is of what it was.
 *
 * @throws {AttuneError} `FILE_READ` when it was written to or replaced since it was opened.
 */
export async function refuseChanged({ path, stamp }: Pick<SourceFile, "path" | "stamp">): Promise<void> {
  const found = await stat(path).then(stampOf, () => undefined);
  if (found === stamp) return;
  const reason = "it changed while it was read; run again when nothing writes to it";
  throw new AttuneError("FILE_READ", { path, reason });
}

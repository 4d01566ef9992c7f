/** One source file of the config: found, its format known, hashed, and checked for UTF-8 when it is text. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { AttuneError, isAttuneError } from "@attune/contracts";
import type { FileFormat } from "@attune/contracts/config";
import { Utf8Check } from "./utf8.ts";

/** A file that exists and can be read. */
export interface SourceFile {
  /** Absolute; this one goes into errors. */
  readonly path: string;
  /** As the config has it; this one goes into the manifest. */
  readonly name: string;
  readonly format: FileFormat;
  readonly sha256: string;
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
 * @throws {AttuneError} `DATA_FILE_NOT_FOUND`, `DATA_FORMAT`, `DATA_NO_ROWS` for a file of 0 bytes or only blanks,
 * `DATA_ENCODING` for text that is not UTF-8, `FILE_READ`.
 */
export async function openSource(
  source: { readonly path: string; readonly format?: FileFormat | undefined },
  projectDir: string,
  role: string,
): Promise<SourceFile> {
  const path = resolve(projectDir, source.path);
  const name = source.path;
  await checkIsFile(path, role);
  const format = source.format ?? formatOf(path);
  const sha256 = await scan(path, format !== "parquet");
  return { path, name, format, sha256 };
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
export async function checkIsFile(path: string, role: string): Promise<void> {
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
}

async function scan(path: string, isText: boolean): Promise<string> {
  const hash = createHash("sha256");
  const check = new Utf8Check();
  let isBlank = true;
  const refuseAt = (byteOffset: number | undefined) => {
    if (byteOffset !== undefined) throw new AttuneError("DATA_ENCODING", { path, byteOffset });
  };
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      if (isText) refuseAt(check.push(chunk));
      if (isBlank) isBlank = isText ? chunk.toString("latin1").replace(/^ï»¿/, "").trim() === "" : false;
    }
  } catch (cause) {
    if (isAttuneError(cause)) throw cause;
    throw new AttuneError("FILE_READ", { path, reason: (cause as Error).message }, { cause });
  }
  if (isText) refuseAt(check.end());
  if (isBlank) throw new AttuneError("DATA_NO_ROWS", { path });
  return hash.digest("hex");
}

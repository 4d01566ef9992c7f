/** Writing so that a failure leaves nothing behind: temporary names first, renames at the end. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { AttuneError } from "@attune/contracts";

/** Name → bytes, in the order they are written. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface FileEntry {
  readonly sha256: string;
  readonly bytes: number;
}

export function hashFile(bytes: Uint8Array): FileEntry {
  return { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.byteLength };
}

export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Writes files to a new folder beside its final place and moves it there whole.
 *
 * @returns `false`, with nothing changed, when the place was taken in the meantime.
 * @throws {AttuneError} `FILE_WRITE`; what was written so far is removed.
 */
export async function writeFolder(dir: string, files: Files): Promise<boolean> {
  const parent = path.dirname(dir);
  let temporary: string | undefined;
  try {
    await mkdir(parent, { recursive: true });
    temporary = await mkdtemp(path.join(parent, `.${path.basename(dir)}-`));
    // mkdtemp's own folder is closed to other users, and a server is often another user.
    const folder = path.join(temporary, path.basename(dir));
    await mkdir(folder);
    for (const [name, bytes] of files) {
      await writeFile(path.join(folder, name), bytes, { flush: true });
    }
    await rename(folder, dir);
    return true;
  } catch (cause) {
    if (codeOf(cause) === "ENOTEMPTY" || codeOf(cause) === "EEXIST") return false;
    throw new AttuneError("FILE_WRITE", { path: dir, reason: reasonOf(cause) }, { cause });
  } finally {
    // What cannot be removed now (a full or vanished disk) is a hidden folder that nothing reads.
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true }).catch(() => {});
  }
}

/**
 * Replaces files of a folder: all are written to temporary names before the first is moved, in the order given.
 *
 * @throws {AttuneError} `FILE_WRITE`; unless the very moves fail, nothing has changed.
 */
export async function replaceFiles(dir: string, files: Files): Promise<void> {
  const written: [temporary: string, name: string][] = [];
  try {
    for (const [name, bytes] of files) {
      const temporary = path.join(dir, `.${name}.tmp`);
      written.push([temporary, name]);
      await writeFile(temporary, bytes, { flush: true });
    }
    for (const [temporary, name] of written) await rename(temporary, path.join(dir, name));
  } catch (cause) {
    await Promise.all(written.map(([temporary]) => rm(temporary, { force: true }).catch(() => {})));
    throw new AttuneError("FILE_WRITE", { path: dir, reason: reasonOf(cause) }, { cause });
  }
}

/** @throws {AttuneError} `FILE_READ` */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new AttuneError("FILE_READ", { path: file, reason: reasonOf(cause) }, { cause });
  }
}

/** Versions that a folder of artifacts holds, rising; none when it is not there. */
export async function listVersions(dir: string): Promise<readonly number[]> {
  const names = await readdir(dir).catch(() => []);
  return names
    .filter((name) => /^[1-9][0-9]*$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

function codeOf(cause: unknown): string | undefined {
  return (cause as NodeJS.ErrnoException | undefined)?.code;
}

/** The system's words without the path, which the error names already. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replace(/, \w+( '.*')?$/s, "");
}

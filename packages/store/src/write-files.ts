/** Writing files so that a failure leaves nothing behind: aside first, renames at the end. */
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFailure } from "./failure.ts";
import { makeAside, removeAside } from "./staging/aside.ts";
import { createStaging, type KeepExisting } from "./staging/staging.ts";

/** Name → bytes, in the order they are written: a manifest comes last. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** What people read too: two spaces of indent and a last line break. */
export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Writes files to a new folder beside its final place and moves it there whole.
 *
 * @returns `false`, with nothing changed, when what stood there was kept.
 * @throws {AttuneError} `FILE_WRITE`; what was written so far is removed, what stood there still stands.
 */
export async function writeFolder(dir: string, files: Files, keepExisting: KeepExisting): Promise<boolean> {
  const staging = await createStaging(dir);
  try {
    for (const [name, bytes] of files) await staging.write(name, bytes);
    return await staging.commit(keepExisting);
  } finally {
    await staging.discard();
  }
}

/**
 * Replaces files of a folder: all are written aside before the first is moved, in the order given.
 *
 * @throws {AttuneError} `FILE_WRITE`; unless the very moves fail, nothing has changed.
 */
export async function replaceFiles(dir: string, files: Files): Promise<void> {
  let aside: string | undefined;
  try {
    aside = await makeAside(dir);
    for (const [name, bytes] of files) await writeFile(join(aside, name), bytes, { flush: true });
    for (const name of files.keys()) await rename(join(aside, name), join(dir, name));
  } catch (cause) {
    throw writeFailure(dir, cause);
  } finally {
    if (aside !== undefined) await removeAside(aside);
  }
}
